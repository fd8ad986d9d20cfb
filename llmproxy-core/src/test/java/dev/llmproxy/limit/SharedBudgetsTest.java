package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.limit.MemoryBudgets.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two proxies that share budgets, in virtual time. */
@Timeout(300)
class SharedBudgetsTest {
    private static final String USAGE = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}";
    private static final Limits HUNDRED_A_SECOND = Limits.perDeployment().requestsPerMinute(6_000);
    private static final int AT_ONCE = 1_000;

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final MemoryBudgets budgets = new MemoryBudgets(ticker);
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void everyCallEndsOnceAndNothingIsHeld() {
        for (LlmProxy proxy : proxies) {
            proxy.close();
            assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        }
        events.assertBalanced();
    }

    private LlmProxy proxy(Limits limits) {
        LlmProxy proxy = LlmProxy.builder()
                .limits(limits)
                .listener(events)
                .ticker(ticker)
                .random(new SplittableRandom(proxies.size()))
                .build();
        proxies.add(proxy);
        return proxy;
    }

    private static void call(LlmProxy proxy, FakeTransport.Answer answer) throws IOException {
        proxy.execute(FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(answer))
                .close();
    }

    private static boolean isSent(LlmProxy proxy) throws IOException {
        try {
            call(proxy, FakeTransport.ok());
            return true;
        } catch (LlmFaultException e) {
            assertThat(e.fault().cause()).isEqualTo(FaultCause.OWN_LIMITS);
            return false;
        }
    }

    private int sentIn(Duration time, LlmProxy... callers) throws IOException {
        int sent = 0;
        long until = ticker.nanos() + time.toNanos();
        while (ticker.nanos() < until) {
            for (LlmProxy caller : callers) {
                sent += isSent(caller) ? 1 : 0;
            }
            ticker.advance(Duration.ofMillis(8));
        }
        return sent;
    }

    private Fault condition() {
        return events.only(ConditionDetected.class).condition();
    }

    @Test
    void twoProcessesTogetherSendNoMoreThanTheBudget() throws IOException {
        Limits limits = HUNDRED_A_SECOND.sharedBy(budgets);
        int sent = sentIn(Duration.ofSeconds(10), proxy(limits), proxy(limits));
        // All that is there at once, and all that comes back; what is drawn ahead comes out of that.
        assertThat(sent).isBetween(AT_ONCE + 900, AT_ONCE + 1_000);
        assertThat(events.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void oneProcessAloneHasAllOfIt() throws IOException {
        LlmProxy alone = proxy(HUNDRED_A_SECOND.sharedBy(budgets));
        assertThat(sentIn(Duration.ofSeconds(10), alone, alone)).isBetween(AT_ONCE + 900, AT_ONCE + 1_000);
    }

    @Test
    void whoCallsOftenAsksSeldom() throws IOException {
        LlmProxy proxy = proxy(HUNDRED_A_SECOND.sharedBy(budgets));
        for (int i = 0; i < 800; i++) {
            assertThat(isSent(proxy)).isTrue();
            ticker.advance(Duration.ofMillis(1));
        }
        assertThat(budgets.draws.get()).isLessThan(60);
    }

    @Test
    void whoCallsSeldomHoldsNothing() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(60).sharedBy(budgets));
        for (int i = 0; i < 5; i++) {
            assertThat(isSent(proxy)).isTrue();
            ticker.advance(Duration.ofSeconds(2));
        }
        assertThat(budgets.left()).isCloseTo(10, within(0.1));
    }

    @Test
    void whatAnAnswerDidNotNeedIsThereForTheOthers() throws IOException {
        Limits limits = Limits.perDeployment().tokensPerMinute(6_000).sharedBy(budgets);
        LlmProxy one = proxy(limits);
        LlmProxy other = proxy(limits);
        for (int i = 0; i < 30; i++) {
            // 500 and more of 1,000 are set aside for each.
            call(i % 2 == 0 ? one : other, FakeTransport.json(200, String.format(USAGE, 5, 5, 10)));
        }
        assertThat(events.faults()).isEmpty();
        assertThat(ticker.nanos()).isZero();
        // Each keeps no more than its share of a second's.
        assertThat(budgets.left()).isBetween(600.0, 700.0);
    }

    @Test
    void whatAnAnswerNeededBeyondTheEstimateIsOwedByBoth() throws IOException {
        Limits limits = Limits.perDeployment().tokensPerMinute(6_000).sharedBy(budgets);
        LlmProxy one = proxy(limits);
        LlmProxy other = proxy(limits);
        call(one, FakeTransport.json(200, String.format(USAGE, 1_000, 2_000, 3_000)));
        assertThat(isSent(one)).isFalse();
        assertThat(isSent(other)).isFalse();
        // 2,000 are owed, and there is room for the next call when some more have come back.
        ticker.advance(Duration.ofSeconds(19));
        assertThat(isSent(other)).isFalse();
        ticker.advance(Duration.ofSeconds(10));
        assertThat(isSent(other)).isTrue();
    }

    @Test
    void anAbsurdUsageStopsThemForAnHourAtTheMost() throws IOException {
        Limits limits = Limits.perDeployment().tokensPerMinute(6_000).sharedBy(budgets);
        LlmProxy one = proxy(limits);
        call(one, FakeTransport.json(200, USAGE.replace("%d", "1000000000000000000")));
        assertThat(isSent(proxy(limits))).isFalse();
        ticker.advance(Duration.ofMinutes(61));
        assertThat(isSent(proxy(limits))).isTrue();
    }

    @Test
    void aCallWaitsForWhatOthersHaveTaken() throws IOException {
        Limits limits = Limits.perDeployment().requestsPerMinute(6).sharedBy(budgets);
        assertThat(isSent(proxy(limits))).isTrue();
        assertThat(isSent(proxy(limits))).isFalse();
        call(proxy(limits.queueFor(Duration.ofSeconds(30))), FakeTransport.ok());
        LimitWaited waited = events.only(LimitWaited.class);
        assertThat(waited.limit()).isEqualTo(LimitWaited.Limit.REQUESTS);
        assertThat(waited.waited()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    @Test
    void aBudgetThatFailsLeavesEachItsShare() throws IOException {
        budgets.state = State.DOWN;
        Limits limits = HUNDRED_A_SECOND.sharedBy(budgets);
        LlmProxy one = proxy(limits);
        int sent = sentIn(Duration.ofSeconds(10), one, one);
        assertThat(sent).isBetween(AT_ONCE / 2 + 450, AT_ONCE / 2 + 510);
        // One question a second.
        assertThat(budgets.draws.get()).isBetween(8, 11);
        assertThat(condition().cause()).isEqualTo(FaultCause.STORE_UNAVAILABLE);
        assertThat(condition().summary())
                .isEqualTo(
                        "the shared budget of https://api.openai.com cannot be reached; this process keeps to 50 % of it"
                                + " by itself");
        assertThat(condition().explain()).doesNotContain("canary");
    }

    @Test
    void aBudgetThatIsBackIsSharedAgain() throws IOException {
        budgets.state = State.DOWN;
        LlmProxy one = proxy(HUNDRED_A_SECOND.sharedBy(budgets));
        sentIn(Duration.ofSeconds(8), one);
        budgets.state = State.UP;
        sentIn(Duration.ofSeconds(2), one);
        int draws = budgets.draws.get();
        assertThat(sentIn(Duration.ofSeconds(5), one)).isBetween(450, 550);
        assertThat(budgets.draws.get()).isGreaterThan(draws);
    }

    @Test
    void aBudgetThatIsSilentCostsOneWaitOfFiftyMilliseconds() throws IOException {
        budgets.state = State.SILENT;
        LlmProxy proxy = proxy(HUNDRED_A_SECOND.sharedBy(budgets));
        assertThat(isSent(proxy)).isTrue();
        assertThat(ticker.nanos()).isEqualTo(MemoryBudgets.PATIENCE.toNanos());
        assertThat(budgets.last).isCancelled();
        for (int i = 0; i < 100; i++) {
            assertThat(isSent(proxy)).isTrue();
        }
        assertThat(ticker.nanos()).isEqualTo(MemoryBudgets.PATIENCE.toNanos());
        assertThat(condition().evidence("failure")).hasValue("no answer within 50 ms");
    }

    @Test
    void noneOfManyIsRefusedWhenTheBudgetIsSilent() throws Exception {
        MemoryBudgets silent = new MemoryBudgets(Ticker.system());
        silent.state = State.SILENT;
        int threads = 16;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (LlmProxy proxy = LlmProxy.builder()
                .limits(Limits.perDeployment().requestsPerMinute(60_000).sharedBy(silent))
                .build()) {
            List<Callable<Boolean>> calls = Collections.nCopies(10 * threads, () -> isSent(proxy));
            for (Future<Boolean> call : pool.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aCallThatWaitsInTheQueueGoesOnWhenTheBudgetFallsSilent() throws IOException {
        Limits limits =
                Limits.perDeployment().requestsPerMinute(6).sharedBy(budgets).queueFor(Duration.ofMinutes(1));
        budgets.share = 1;
        LlmProxy proxy = proxy(limits);
        assertThat(isSent(proxy)).isTrue();
        budgets.state = State.SILENT;
        assertThat(isSent(proxy)).isTrue();
        assertThat(events.only(LimitWaited.class).waited()).isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void aShareIsLessThanAllAndComesBack() {
        RateBucket bucket = new RateBucket(6_000, 0);
        assertThat(bucket.atOnce()).isEqualTo(1_000);
        bucket.useShare(0.25);
        assertThat(bucket.perMinute()).isEqualTo(1_500);
        assertThat(bucket.tryTake(250, 0)).isTrue();
        assertThat(bucket.tryTake(1, 0)).isFalse();
        bucket.useShare(1);
        assertThat(bucket.perMinute()).isEqualTo(6_000);
    }

    @Test
    void nothingToShareIsRefused() {
        assertThatThrownBy(() -> Limits.perDeployment().concurrency(3).sharedBy(budgets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sharedBy: memory (expected: requestsPerMinute or tokensPerMinute before it)");
        assertThat(HUNDRED_A_SECOND.sharedBy(budgets))
                .hasToString("perDeployment().requestsPerMinute(6000).sharedBy(memory)");
    }
}
