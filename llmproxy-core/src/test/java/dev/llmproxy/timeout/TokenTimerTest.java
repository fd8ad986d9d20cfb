package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only payload is progress: what merely keeps a stream alive does not stretch the budgets for tokens. */
class TokenTimerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final TimedStream stream = new TimedStream(ticker);
    private Timeouts timeouts =
            Timeouts.standard().firstToken(Duration.ofSeconds(30)).betweenTokens(Duration.ofSeconds(20));
    private Integrity integrity = Integrity.strict();

    @AfterEach
    void nothingIsLeft() {
        events.assertBalanced();
        assertThat(ticker.repetitions()).isZero();
    }

    private LlmProxy proxy() {
        return LlmProxy.builder()
                .ticker(ticker)
                .integrity(integrity)
                .timeouts(timeouts)
                .listener(events)
                .build();
    }

    private Fault failure() {
        try (LlmProxy proxy = proxy()) {
            return stream.failure(proxy);
        }
    }

    private String read() throws IOException {
        try (LlmProxy proxy = proxy()) {
            return stream.read(proxy);
        }
    }

    private void repeat(int times, Duration after, String text) {
        for (int i = 0; i < times; i++) {
            stream.then(after, text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {": ping\n\n", "\n\n", "event: ping\ndata: {}\n\n", "role", "empty"})
    void keepAlivesBeforeAnyPayloadAreCaught(String kind) {
        String text = switch (kind) {
            case "role" -> TimedStream.ROLE;
            case "empty" -> TimedStream.TOKEN.replace("\"x\"", "\"\"");
            default -> kind;
        };
        repeat(20, TEN, text);
        Fault fault = failure();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
        assertThat(fault.evidence("ended by")).hasValue("timer firstToken = 30 s");
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.firstToken(PT1M)");
        assertThat(stream.isCancelled()).as("another attempt may follow").isFalse();
    }

    @Test
    void aPingThatComesByteByByteIsNoProgress() {
        for (int i = 0; i < 100; i++) {
            stream.then(SECOND, ": slow as that, and never at its end".substring(i % 36, i % 36 + 1));
        }
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
        assertThat(events.only(LlmEvent.AttemptFailed.class).duration()).isBetween(TEN, Duration.ofSeconds(31));
    }

    @Test
    void silenceBeforeTheFirstTokenMayLastAsLongAsThatMay() throws IOException {
        timeouts = Timeouts.standard().firstToken(Duration.ofMinutes(3));
        stream.then(SECOND, TimedStream.ROLE).then(Duration.ofSeconds(150), TimedStream.TOKEN);
        stream.then(SECOND, TimedStream.LAST);
        assertThat(read()).contains("[DONE]");
        assertThat(events.only(LlmEvent.AttemptSucceeded.class).firstToken()).isEqualTo(Duration.ofMillis(151_100));
    }

    @Test
    void silenceInTheBodyCountsBeforeTheFirstTokenWhereItWasSet() {
        timeouts = timeouts.betweenBytes(TEN);
        stream.then(SECOND, TimedStream.ROLE).then(Duration.ofSeconds(15), TimedStream.TOKEN);
        Fault fault = failure();
        assertThat(fault.evidence("ended by")).hasValue("limit betweenBytes = 10 s");
    }

    @Test
    void silenceBeforeTheFirstTokenIsNotCalledAKeepAlive() {
        stream.then(SECOND, TimedStream.ROLE).then(Duration.ofMinutes(9), TimedStream.TOKEN);
        Fault fault = failure();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.summary()).startsWith("no payload within 30 s");
        assertThat(fault.evidence("ended by")).hasValue("timer firstToken = 30 s");
    }

    @Test
    void theHeadersOfAStreamHaveToComeBeforeItsFirstToken() {
        stream.head(Duration.ofMinutes(1)).then(SECOND, TimedStream.TOKEN);
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.PROVIDER_HUNG);
        assertThat(fault.evidence("ended by")).hasValue("limit firstToken = 30 s");
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.firstToken(PT1M)");
    }

    @Test
    void bothAreAdvisedWhereBothWereSetToTheSameTime() {
        timeouts = Timeouts.standard().firstByte(TEN).firstToken(TEN);
        stream.head(Duration.ofMinutes(1)).then(SECOND, TimedStream.TOKEN);
        assertThat(failure().remedies().get(1).setting()).hasValue("Timeouts.firstToken(PT20S).firstByte(PT20S)");
    }

    @Test
    void onlyTheTokenIsAdvisedWhereTheHeadersCameInTime() {
        timeouts = Timeouts.standard().firstByte(TEN).firstToken(TEN);
        stream.then(SECOND, TimedStream.ROLE).then(Duration.ofMinutes(9), TimedStream.TOKEN);
        assertThat(failure().remedies().get(1).setting()).hasValue("Timeouts.firstToken(PT20S)");
    }

    @Test
    void keepAlivesAfterTokensAreAStall() {
        stream.then(SECOND, TimedStream.TOKEN).then(SECOND, TimedStream.TOKEN);
        repeat(30, SECOND, TimedStream.COMMENT);
        Fault fault = failure();
        assertThat(fault.cause()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(fault.summary()).contains("brought nothing but keep-alives for 20 s");
        assertThat(fault.evidence("ended by")).hasValue("timer betweenTokens = 20 s");
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.betweenTokens(PT40S)");
    }

    @Test
    void aStreamThatFallsSilentAfterTokensIsCancelled() {
        stream.then(SECOND, TimedStream.TOKEN).then(Duration.ofMinutes(2), TimedStream.TOKEN);
        assertThat(failure().cause()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void tokensThatKeepComingAreNotDisturbed() throws IOException {
        repeat(20, Duration.ofSeconds(19), TimedStream.TOKEN);
        stream.then(SECOND, TimedStream.LAST);
        assertThat(read()).contains("[DONE]");
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void aConsumerThatPausesBetweenReadsNeverTripsATokenTimer() throws IOException {
        repeat(3, SECOND, TimedStream.TOKEN);
        stream.then(SECOND, TimedStream.LAST);
        try (LlmProxy proxy = proxy();
                LlmResponse response = stream.open(proxy)) {
            for (int i = 0; i < 3; i++) {
                assertThat(response.body().readUtf8Line()).startsWith("data");
                assertThat(response.body().readUtf8Line()).isEmpty();
                ticker.advance(Duration.ofMinutes(2));
            }
            assertThat(response.body().readUtf8()).contains("[DONE]");
        }
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void withoutAnybodyWhoLooksEveryByteIsAToken() throws IOException {
        integrity = Integrity.off();
        repeat(20, TEN, TimedStream.COMMENT);
        assertThat(read()).contains("ping");
        assertThat(events.only(LlmEvent.AttemptSucceeded.class).firstToken()).isEqualTo(Duration.ofMillis(10_100));
    }

    @Test
    void whoeverOnlyObservesIsProtectedToo() {
        integrity = Integrity.observe();
        repeat(20, TEN, TimedStream.COMMENT);
        assertThat(failure().cause()).isEqualTo(FaultCause.KEEPALIVE_ONLY);
    }

    @Test
    void anAnswerThatFlowedToTheEndOfTheCallWasTooLongForIt() {
        timeouts = Timeouts.standard().attempt(Duration.ofMinutes(1)).call(Duration.ofMinutes(1));
        repeat(90, SECOND, TimedStream.TOKEN);
        Fault fault = failure();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.LONG_ANSWER);
        assertThat(fault.remedies().get(0).setting()).hasValue("Timeouts.call(PT2M)");
    }

    @Test
    void keepAlivesToTheEndOfAnAttemptAreNoAnswerThatFlows() {
        Duration minute = Duration.ofMinutes(1);
        timeouts = Timeouts.standard().firstToken(TEN).betweenTokens(minute).attempt(minute);
        repeat(10, SECOND, TimedStream.TOKEN);
        repeat(20, Duration.ofSeconds(5), TimedStream.COMMENT);
        Fault fault = failure();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.STREAM_STALLED);
        assertThat(fault.summary()).contains("nothing but keep-alives for 50 s");
        assertThat(fault.evidence("ended by")).hasValue("timer attempt = 60 s");
    }

    @Test
    void whatTheApplicationTakesForItselfIsNoSilenceOfTheStream() throws IOException {
        repeat(3, SECOND, TimedStream.TOKEN);
        try (LlmProxy proxy = proxy();
                LlmResponse response = stream.open(proxy)) {
            assertThat(response.body().readUtf8Line()).startsWith("data");
            ticker.advance(Duration.ofMinutes(11));
            Fault fault = LlmFaultException.faultOf(
                            catchThrowable(() -> response.body().readUtf8()))
                    .orElseThrow();
            assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.LONG_ANSWER);
            assertThat(fault.evidence("spent by the application between reads")).hasValue("11.0 min");
        }
    }

    @Test
    void whatArrivedWhileThisProcessStoodStillIsDelivered() throws IOException {
        stream.then(SECOND, TimedStream.TOKEN).frozen(Duration.ofSeconds(90), TimedStream.TOKEN);
        stream.then(SECOND, TimedStream.LAST);
        assertThat(read()).contains("[DONE]");
        events.only(LlmEvent.PauseAbsorbed.class);
    }
}
