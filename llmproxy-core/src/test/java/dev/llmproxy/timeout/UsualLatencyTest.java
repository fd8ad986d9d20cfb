package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fault of time is judged by what is usual for the model, and says so; and what does not fit is advised. */
class UsualLatencyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private LlmProxy proxy = proxy(Timeouts.standard());

    private LlmProxy proxy(Timeouts timeouts) {
        return LlmProxy.builder()
                .ticker(ticker)
                .timeouts(timeouts)
                .listener(events)
                .build();
    }

    private void use(Timeouts timeouts) {
        proxy.close();
        proxy = proxy(timeouts);
    }

    @AfterEach
    void nothingIsLeft() {
        proxy.close();
        events.assertBalanced();
        assertThat(ticker.repetitions()).isZero();
    }

    private TimedStream stream() {
        return new TimedStream(ticker);
    }

    /** Answers so often, with the first token after this time and ten more of 20 ms. */
    private void answer(int times, Duration first) {
        for (int i = 0; i < times; i++) {
            TimedStream stream = stream().then(first.minusMillis(100), TimedStream.TOKEN);
            for (int token = 0; token < 10; token++) {
                stream.then(Duration.ofMillis(20), TimedStream.TOKEN);
            }
            try {
                assertThat(stream.then(Duration.ofMillis(1), TimedStream.LAST).read(proxy))
                        .contains("[DONE]");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Fault hangs() {
        return stream().then(Duration.ofMinutes(20), TimedStream.TOKEN).failure(proxy);
    }

    @Test
    void oneThatHangsWhileItsPeersAreNormalHasHung() {
        answer(30, SECOND);
        Fault fault = hangs();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.confidence()).isEqualTo(0.85);
        assertThat(fault.evidence("usual"))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("first token after 1.0 s (median), 1.0 s (99 of 100), ")
                        .contains(" ms a token, longest pause 20 ms (99 of 100), of 30 answers in the last hour"));
    }

    @Test
    void oneThatIsSlowerThanItWasIsSlow() {
        use(Timeouts.standard().firstToken(Duration.ofSeconds(40)));
        answer(100, SECOND);
        answer(10, Duration.ofSeconds(12));
        Fault fault = hangs();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_SLOW);
        assertThat(fault.summary()).contains("the last answers took 9").contains("usual are 1.0 s");
    }

    @Test
    void aBudgetThatIsUsedUpOftenAndLiesJustAboveWhatIsUsualIsTooShort() {
        use(Timeouts.standard().firstToken(Duration.ofSeconds(10)));
        answer(20, Duration.ofSeconds(9));
        hangs();
        Fault fault = hangs();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT);
        assertThat(fault.remedies().get(0).setting())
                .hasValueSatisfying(set -> assertThat(set)
                        .startsWith("Timeouts.firstToken(PT")
                        .isNotEqualTo("Timeouts.firstToken(PT10S)"));
        assertThat(fault.evidence("usual").orElseThrow()).endsWith("and 1 that a budget ended");
    }

    @Test
    void keepAlivesAreToldApartFromSilenceAlsoWhenTheUsualIsKnown() {
        answer(30, SECOND);
        TimedStream stream = stream();
        for (int i = 0; i < 100; i++) {
            stream.then(Duration.ofSeconds(10), TimedStream.COMMENT);
        }
        assertThat(stream.failure(proxy).cause()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
    }

    @Test
    void whatADroppedAttemptTookIsNotLearned() {
        answer(30, SECOND);
        hangs();
        answer(1, SECOND);
        assertThat(hangs().evidence("usual").orElseThrow())
                .contains("99 of 100), ")
                .contains("of 31 answers");
    }

    @Test
    void whatThisProcessSleptThroughIsNotLearned() throws IOException {
        answer(25, SECOND);
        TimedStream frozen = stream().then(SECOND, TimedStream.TOKEN).frozen(Duration.ofSeconds(50), TimedStream.LAST);
        assertThat(frozen.read(proxy)).contains("[DONE]");
        assertThat(hangs().evidence("usual").orElseThrow()).contains("of 25 answers");
    }

    @Test
    void aBudgetThatIsMuchTooLongIsAdvisedAgainstOnceInTenMinutes() {
        answer(199, SECOND);
        assertThat(events.events(LlmEvent.TimeoutAdvised.class)).isEmpty();
        answer(200, SECOND);
        LlmEvent.TimeoutAdvised advice = events.events(LlmEvent.TimeoutAdvised.class).stream()
                .filter(each -> each.setting().equals("firstToken"))
                .findFirst()
                .orElseThrow();
        assertThat(advice.budget()).isEqualTo(Duration.ofMinutes(5));
        assertThat(advice.advised()).isEqualTo(Duration.ofSeconds(3));
        assertThat(advice.usual()).isBetween(Duration.ofMillis(980), Duration.ofMillis(1_020));
        assertThat(advice.samples()).isGreaterThanOrEqualTo(200);
        assertThat(advice.followed()).isFalse();
        assertThat(events.events(LlmEvent.TimeoutAdvised.class)).hasSize(2);
    }

    @Test
    void withoutAnybodyWhoReadsRequestsAllModelsOfAPlaceAreOne() {
        proxy.close();
        proxy = LlmProxy.builder()
                .ticker(ticker)
                .integrity(Integrity.off())
                .listener(events)
                .build();
        answer(30, SECOND);
        Fault fault = stream()
                .then(SECOND, TimedStream.TOKEN)
                .then(Duration.ofMinutes(20), TimedStream.TOKEN)
                .failure(proxy);
        assertThat(fault.evidence("usual").orElseThrow()).contains("of 30 answers");
    }

    @Test
    void adaptiveBudgetsFindAHangSoonerOnceTheModelIsKnown() {
        use(Timeouts.adaptive());
        answer(1_500, SECOND);
        Fault fault = hangs();
        assertThat(fault.evidence("ended by")).hasValue("timer firstToken = 3.0 s");
        assertThat(fault.cause()).isEqualTo(FaultCause.PROVIDER_HUNG);
    }

    @Test
    void aConsumerThatTakesItsTimeIsNotHurriedByABudgetThatFollowsTheModel() throws IOException {
        use(Timeouts.adaptive());
        answer(3_000, SECOND);
        TimedStream stream = stream().then(SECOND, TimedStream.TOKEN);
        for (int i = 0; i < 10; i++) {
            stream.then(Duration.ofMillis(20), TimedStream.TOKEN);
        }
        try (LlmResponse response =
                stream.then(Duration.ofMillis(20), TimedStream.LAST).open(proxy)) {
            for (int i = 0; i < 10; i++) {
                assertThat(response.body().readUtf8Line()).startsWith("data");
                assertThat(response.body().readUtf8Line()).isEmpty();
                ticker.advance(Duration.ofSeconds(40));
            }
            assertThat(response.body().readUtf8()).contains("[DONE]");
        }
    }

    @Test
    void aLimitThatFiredWhileThisProcessStoodStillIsNoFaultOfTheProvider() {
        use(Timeouts.standard().firstByte(SECOND));
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(Duration.ofMillis(500));
            ticker.freeze(Duration.ofSeconds(3));
            throw new SocketTimeoutException();
        });
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            throw new AssertionError(response);
        } catch (IOException e) {
            Fault fault = LlmFaultException.faultOf(e).orElseThrow();
            assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROCESS_FROZEN);
            assertThat(fault.cause().retry()).isEqualTo(FaultCause.Retry.ONCE);
            assertThat(fault.evidence("limit fired late by")).hasValue("2.5 s");
        }
    }

    @Test
    void aLimitThatFiredInTimeIsTheProvidersWhateverStoodStillBefore() {
        use(Timeouts.standard().firstByte(Duration.ofSeconds(30)));
        ticker.freeze(Duration.ofSeconds(3));
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            attempt.mark(Phase.SEND);
            attempt.mark(Phase.WAIT);
            ticker.advance(Duration.ofSeconds(30));
            throw new SocketTimeoutException();
        });
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            throw new AssertionError(response);
        } catch (IOException e) {
            assertThat(LlmFaultException.faultOf(e).orElseThrow().cause()).isEqualTo(FaultCause.PROVIDER_HUNG);
        }
    }
}
