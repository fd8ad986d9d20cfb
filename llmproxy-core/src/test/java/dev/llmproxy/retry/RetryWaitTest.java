package dev.llmproxy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waits between attempts: what ends them, and what does not fit. */
class RetryWaitTest extends RetriedCalls {
    private static FakeTransport.Answer busyFor(Duration duration) {
        return (request, attempt) -> FakeTransport.json(429, "{}").to(request, attempt).toBuilder()
                .header("Retry-After", Long.toString(duration.toSeconds()))
                .build();
    }

    private void after(Duration delay, Runnable action) {
        long at = ticker.nanos() + delay.toNanos();
        var unused = ticker.repeat("after", now -> {
            if (now < at) {
                return at;
            }
            action.run();
            return Long.MAX_VALUE;
        });
    }

    @Test
    void aCancelledCallIsNotSentAgain() {
        LlmProxy proxy = proxy(Retry.attempts(3));
        FakeTransport transport = FakeTransport.answering(busyFor(Duration.ofSeconds(10)));
        after(Duration.ofSeconds(3), transport::cancelByCaller);
        assertThatThrownBy(() -> call(proxy, FakeTransport.chat(), transport))
                .satisfies(e -> assertThat(
                                LlmFaultException.faultOf(e).orElseThrow().cause())
                        .isEqualTo(FaultCause.CANCELLED))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(transport.sent()).hasSize(1);
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void anInterruptedThreadSendsNothingMoreAndStaysInterrupted() {
        LlmProxy proxy = proxy(Retry.attempts(3));
        FakeTransport transport = FakeTransport.answering(busyFor(Duration.ofSeconds(10)));
        Thread caller = Thread.currentThread();
        after(Duration.ofSeconds(3), caller::interrupt);
        assertThatThrownBy(() -> call(proxy, FakeTransport.chat(), transport)).isInstanceOf(LlmFaultException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(transport.sent()).hasSize(1);
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void theClientsOwnTimeoutIsNamedWhenItFiresInAWait() {
        LlmProxy proxy = proxy(Retry.attempts(3));
        FakeTransport transport = FakeTransport.answering(busyFor(Duration.ofSeconds(10)));
        long limit = Duration.ofSeconds(3).toNanos();
        after(Duration.ofSeconds(3), () -> transport.call().cancelled(Ending.byTimer(Budget.CLIENT_CALL, limit)));
        assertThatThrownBy(() -> call(proxy, FakeTransport.chat(), transport))
                .satisfies(e -> assertThat(
                                LlmFaultException.faultOf(e).orElseThrow().evidence("ended by"))
                        .hasValue("timer callTimeout of the HTTP client = 3.0 s"));
        assertThat(events.only(LlmEvent.CallFailed.class).fault().cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource({
        "Retry-After, 'Fri, 31 Dec 9999 23:59:59 GMT'",
        "Retry-After, +999999999-12-31T23:59:59Z",
        "Retry-After, 99999999999999999999999999",
        "Retry-After, -5",
        "retry-after-ms, 9223372036854775807",
        "x-ratelimit-reset-requests, +999999999-12-31T23:59:59Z",
        "x-ratelimit-reset-requests, -999999999-01-01T00:00:00Z",
        "x-ratelimit-reset-requests, 9223372036854775807s"
    })
    void aDateThatIsCenturiesAwayIsNoWaitAndTheCauseIsKnown(String header, String value) throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(3));
        FakeTransport.Answer busy = (request, attempt) -> FakeTransport.json(429, "{}").to(request, attempt).toBuilder()
                .header("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
                .header("x-ratelimit-remaining-requests", "0")
                .header(header, value)
                .build();
        call(proxy, busy, FakeTransport.ok()).close();
        assertThat(events.only(LlmEvent.RetryScheduled.class).delay()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(events.faults()).extracting(Fault::cause).containsExactly(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void aStageThatAsksForEverIsNotWaitedFor() {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        LlmProxy proxy = proxy(LlmProxy.builder().retry(Retry.attempts(3)).aroundAttempt((request, chain) -> {
            throw chain.call()
                    .raise(Fault.builder(FaultCause.RATE_LIMIT_REQUESTS)
                            .retryAfter(ever)
                            .build());
        }));
        assertThatThrownBy(() -> call(proxy, FakeTransport.ok())).isInstanceOf(LlmFaultException.class);
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(Why.DEADLINE);
        assertThat(ticker.nanos()).isZero();
    }

    @Test
    void aWaitBeyondTheDeadlineIsNotBegunAndSaysHowLongItWouldHaveBeen() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(3));
        CallOptions options = CallOptions.none().deadline(Duration.ofSeconds(20));
        FakeTransport transport = FakeTransport.answering(busyFor(Duration.ofSeconds(30)));
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), options, transport)) {
            assertThat(response.code()).isEqualTo(429);
        }
        assertThat(ticker.nanos()).isZero();
        LlmEvent.RetryRefused refused = events.only(LlmEvent.RetryRefused.class);
        assertThat(refused.why()).isEqualTo(Why.DEADLINE);
        assertThat(refused.delay()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33));
        assertThat(events.only(LlmEvent.CallFailed.class)
                        .fault()
                        .evidence("would have waited")
                        .orElseThrow())
                .startsWith("3");
    }

    @Test
    void noAttemptBeginsAfterTheTimeOfTheSetting() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(9).within(Duration.ofSeconds(12)));
        FakeTransport.Answer busy = busyFor(Duration.ofSeconds(5));
        call(proxy, busy, busy, busy).close();
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(Why.DEADLINE);
        assertThat(Duration.ofNanos(ticker.nanos())).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    }

    @Test
    void theBudgetsOfAnAttemptDoNotRunInTheWaitAfterIt() throws IOException {
        Duration second = Duration.ofSeconds(1);
        LlmProxy proxy = proxy(LlmProxy.builder()
                .retry(Retry.attempts(2))
                .timeouts(Timeouts.standard()
                        .connect(second)
                        .firstByte(second)
                        .betweenBytes(second)
                        .attempt(second)));
        FakeTransport.Answer silent = (request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            throw new BrokenAnswerException(
                    "scripted", Fault.builder(FaultCause.UNAVAILABLE).retryAfter(Duration.ofSeconds(50)));
        };
        try (LlmResponse response = call(proxy, silent, FakeTransport.ok())) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(Duration.ofNanos(ticker.nanos())).isGreaterThanOrEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void theLongestWaitCanBeSet() throws IOException {
        LlmProxy proxy = proxy(Retry.attempts(2).longestWait(Duration.ofMinutes(5)));
        call(proxy, busyFor(Duration.ofMinutes(4)), FakeTransport.ok()).close();
        assertThat(Duration.ofNanos(ticker.nanos())).isBetween(Duration.ofMinutes(4), Duration.ofSeconds(264));
    }

    @Test
    void aWaitOfMonthsIsRefusedLikeAnyOther() throws IOException {
        call(proxy(Retry.attempts(2)), busyFor(Duration.ofDays(300))).close();
        assertThat(events.only(LlmEvent.CallFailed.class).attempts()).isEqualTo(1);
    }
}
