package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedLinesTest {
    private final LlmHeaders plain = LlmHeaders.of("Content-Type", "application/json", "X-Answer", "1");
    private final LlmHeaders shared = SharedLines.of(plain);

    @Test
    void theyAreTheSameHeaders() {
        assertThat(shared).isEqualTo(plain).hasSameHashCodeAs(plain).hasToString("[content-type, x-answer]");
        assertThat(shared.lines()).hasToString("[content-type, x-answer]");
        assertThat(shared.get("x-answer")).contains("1");
    }

    @Test
    void aClientConvertsThemOnceForAllThatIsMadeOfThem() {
        AtomicInteger conversions = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            LlmHeaders more = shared.plus("X-Call", Integer.toString(i));
            assertThat(more).isEqualTo(plain.plus("X-Call", Integer.toString(i)));
            assertThat(more.lines())
                    .isInstanceOfSatisfying(
                            SharedLines.class,
                            lines -> assertThat(lines.as(
                                            String.class, headers -> headers + "" + conversions.incrementAndGet()))
                                    .isEqualTo("[content-type, x-answer]1"));
        }
    }

    @Test
    void anotherClientMakesItsOwn() {
        SharedLines lines = (SharedLines) shared.lines();
        assertThat(lines.as(String.class, headers -> "text")).isEqualTo("text");
        assertThat(lines.as(Integer.class, LlmHeaders::size)).isEqualTo(2);
    }

    @Test
    void aLineThatIsThereChangesNothing() {
        LlmHeaders more = shared.plus("X-Call", "7");
        assertThat(more.with("X-Answer", "1")).isSameAs(more);
        assertThat(more.with("X-Call", "7")).isSameAs(more);
        assertThat(more.with("x-answer", "1").name(1)).isEqualTo("x-answer");
        assertThat(more.plus("X-Call", "7").with("X-Call", "7")).isEqualTo(more);
    }

    @Test
    void whatIsChangedIsNotShared() {
        LlmHeaders changed = shared.with("X-Answer", "2");
        assertThat(changed.lines()).isNotInstanceOf(SharedLines.class);
        assertThat(changed.all("X-Answer")).containsExactly("2");
        assertThat(plain.plus(shared).all("X-Answer")).containsExactly("1", "1");
    }
}
