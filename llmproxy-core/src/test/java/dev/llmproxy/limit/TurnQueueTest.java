package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TurnQueueTest {
    private final TurnQueue queue = new TurnQueue(100);

    private Turn add(Priority priority, String tenant, long tokens) {
        Turn turn = new Turn(priority, tenant, tokens, Long.MAX_VALUE);
        queue.add(turn);
        return turn;
    }

    private List<Turn> serve(int count) {
        List<Turn> served = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Turn first = Objects.requireNonNull(queue.first());
            queue.serve(first);
            served.add(first);
        }
        return served;
    }

    private String tenants(int count) {
        return serve(count).stream().map(Turn::tenant).collect(Collectors.joining());
    }

    @Test
    void oneTenantIsServedInTheOrderOfArrival() {
        List<Turn> turns =
                List.of(add(Priority.NORMAL, "a", 10), add(Priority.NORMAL, "a", 5_000), add(Priority.NORMAL, "a", 10));
        assertThat(serve(3)).isEqualTo(turns);
        assertThat(queue.first()).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void aHigherPriorityIsServedFirst() {
        Turn batch = add(Priority.BATCH, "a", 0);
        Turn normal = add(Priority.NORMAL, "a", 0);
        Turn interactive = add(Priority.INTERACTIVE, "a", 0);
        assertThat(serve(3)).containsExactly(interactive, normal, batch);
    }

    @Test
    void oneInTenGoesToTheLowestPriority() {
        for (int i = 0; i < 40; i++) {
            add(Priority.INTERACTIVE, "a", 0);
            add(Priority.BATCH, "a", 0);
        }
        List<Turn> served = serve(40);
        assertThat(served.stream().filter(turn -> turn.priority() == Priority.BATCH))
                .hasSize(4);
        assertThat(served.get(9).priority()).isEqualTo(Priority.BATCH);
    }

    @Test
    void aTenantWithManyCallsDoesNotKeepTheOthersWaiting() {
        for (int i = 0; i < 20; i++) {
            add(Priority.NORMAL, "a", 0);
        }
        add(Priority.NORMAL, "b", 0);
        add(Priority.NORMAL, "b", 0);
        assertThat(tenants(5).chars().filter(tenant -> tenant == 'b')).hasSize(2);
    }

    @Test
    void tenantsGetAsManyTokensAsTheOthers() {
        for (int i = 0; i < 40; i++) {
            add(Priority.NORMAL, "a", 1_000);
            add(Priority.NORMAL, "b", 4_000);
        }
        assertThat(tenants(25).chars().filter(tenant -> tenant == 'b').count()).isBetween(4L, 6L);
    }

    // Found without counting to it: nobody else is served meanwhile.
    @Test
    @Timeout(10)
    void aTurnThatNeedsVeryManyTokensIsNext() {
        Turn more = add(Priority.NORMAL, "a", 3_000_000_000_000L);
        Turn less = add(Priority.NORMAL, "b", 1_000_000_000_000L);
        Turn small = add(Priority.NORMAL, "b", 10);
        assertThat(serve(3)).containsExactly(less, small, more);
    }

    @Test
    void whoGivesUpIsPassedOver() {
        Turn first = add(Priority.NORMAL, "a", 7);
        Turn second = add(Priority.NORMAL, "b", 8);
        assertThat(queue.remove(first)).isTrue();
        assertThat(queue.remove(first)).isFalse();
        assertThat(queue.tokensAhead(Priority.NORMAL)).isEqualTo(8);
        assertThat(serve(1)).containsExactly(second);
    }

    @Test
    void roomIsMadeByTheLastOfTheLowestPriority() {
        add(Priority.BATCH, "a", 0);
        Turn last = add(Priority.BATCH, "a", 0);
        add(Priority.NORMAL, "a", 0);
        assertThat(queue.makeRoomFor(Priority.INTERACTIVE)).isSameAs(last);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.makeRoomFor(Priority.BATCH)).isNull();
    }

    @Test
    void countsWhoIsServedBefore() {
        add(Priority.INTERACTIVE, "a", 3);
        add(Priority.NORMAL, "a", 5);
        add(Priority.BATCH, "a", 9);
        assertThat(queue.ahead(Priority.INTERACTIVE)).isEqualTo(1);
        assertThat(queue.ahead(Priority.NORMAL)).isEqualTo(2);
        assertThat(queue.tokensAhead(Priority.BATCH)).isEqualTo(17);
    }
}
