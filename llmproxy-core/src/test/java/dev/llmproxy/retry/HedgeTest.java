package dev.llmproxy.retry;

import static dev.llmproxy.retry.SimulatedStreams.failing;
import static dev.llmproxy.retry.SimulatedStreams.status;
import static dev.llmproxy.retry.SimulatedStreams.stream;
import static dev.llmproxy.retry.SimulatedStreams.withLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.RetryMode;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.HedgeEnded;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.timeout.Adapt;
import dev.llmproxy.timeout.Timeouts;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HedgeTest {
    private static final Retry HEDGED = Retry.attempts(3).hedgeStreams(0.05);
    private SimulatedStreams streams = new SimulatedStreams(HEDGED);

    @AfterEach
    void everyCallAndAttemptEndsOnce() {
        streams.events.assertBalanced();
        assertThat(streams.limits.uses()).allMatch(use -> use.running() == 0);
    }

    private SimulatedStreams.Call run(SimulatedStreams.Late... answers) {
        return run(streams.new Call(answers));
    }

    private SimulatedStreams.Call run(SimulatedStreams.Call call) {
        streams.learn();
        streams.at(200, call);
        streams.time.run();
        return call;
    }

    private HedgeEnded hedge() {
        return streams.events.only(HedgeEnded.class);
    }

    @Test
    void theSecondAttemptIsHandedOverWhenTheFirstIsLate() {
        SimulatedStreams.Call call = run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(call.text).contains("second").doesNotContain("first");
        assertThat(Duration.ofNanos(call.tookNanos)).isBetween(Duration.ofMillis(2_000), Duration.ofMillis(2_200));
        assertThat(hedge().result()).isEqualTo(HedgeEnded.Result.HEDGE_FIRST);
        assertThat(hedge().attempt()).isEqualTo(2);
        assertThat(Objects.requireNonNull(call.response).headers().get("X-LlmProxy-Attempts"))
                .hasValue("2");
    }

    @Test
    void theLoserIsCancelledAtTheFirstTokenOfTheWinner() {
        SimulatedStreams.Call call = run(stream(60_000, "first"), stream(1_000, "second"));
        long winner = call.sent().get(1).endedAt;
        assertThat(call.sent().get(0).endedAt).isEqualTo(winner);
        assertThat(hedge().lostFor()).isEqualTo(Duration.ofNanos(call.tookNanos));
    }

    @Test
    void theFirstAttemptIsHandedOverWhenItIsStillFaster() {
        SimulatedStreams.Call call = run(stream(1_500, "first"), stream(1_000, "second"));
        assertThat(call.text).contains("first");
        assertThat(hedge().result()).isEqualTo(HedgeEnded.Result.HEDGE_LATER);
        assertThat(streams.counts().hedges()).isEqualTo(1);
        assertThat(streams.counts().hedgesFirst()).isZero();
    }

    @Test
    void nothingIsSentTwiceBeforeTheFirstTokenIsLate() {
        assertThat(run(stream(900, "first")).sent()).hasSize(1);
    }

    @Test
    void nothingIsSentTwiceBeforeAHundredAnswersWereSeen() {
        SimulatedStreams.Call call = streams.new Call(stream(60_000, "first"));
        for (int i = 0; i < 99; i++) {
            streams.at(i, streams.new Call(stream(1_000, "x")));
        }
        streams.at(150, call);
        streams.time.run();
        assertThat(call.sent()).hasSize(1);
    }

    @Test
    void theLosersFailureDoesNotSurface() {
        run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(streams.events.faults()).isEmpty();
        assertThat(streams.events.only(LlmEvent.AttemptFailed.class).fault().cause())
                .isEqualTo(FaultCause.CANCELLED);
    }

    @Test
    void aSecondAttemptThatFailsDoesNotHurtTheFirst() {
        SimulatedStreams.Call call = run(stream(3_000, "first"), status(100, 500));
        assertThat(call.text).contains("first");
        assertThat(call.failure).isNull();
    }

    @Test
    void aFirstAttemptThatFailsMeanwhileIsNotTheEnd() {
        SimulatedStreams.Call call =
                run(failing(1_300, new SocketException("Connection reset")), stream(1_000, "second"));
        assertThat(call.text).contains("second");
        assertThat(call.sent()).hasSize(2);
    }

    @Test
    void whenBothFailTheFaultOfTheFirstCountsAndTheNextAttemptIsTheThird() {
        SimulatedStreams.Call call = run(status(1_500, 503), status(2_000, 500), stream(100, "third"));
        assertThat(call.text).contains("third");
        assertThat(hedge().result()).isEqualTo(HedgeEnded.Result.BOTH_FAILED);
        LlmEvent.RetryScheduled again = streams.events.only(LlmEvent.RetryScheduled.class);
        assertThat(again.attempt()).isEqualTo(3);
        assertThat(again.reason()).isEqualTo(FaultCause.UNAVAILABLE);
    }

    @Test
    void bothAreAmongTheAttempts() {
        streams = new SimulatedStreams(Retry.attempts(2).hedgeStreams(0.05));
        SimulatedStreams.Call call = run(status(1_500, 503), status(2_000, 503));
        assertThat(call.sent()).hasSize(2);
        assertThat(Objects.requireNonNull(call.response).code()).isEqualTo(503);
    }

    @Test
    void aCallWhoseAnswersAreBothRefusedLastsUntilTheLaterOne() {
        streams = new SimulatedStreams(Retry.attempts(2).hedgeStreams(0.05));
        SimulatedStreams.Call call = run(status(1_500, 503), status(2_000, 503));
        assertThat(streams.events.only(LlmEvent.CallFailed.class).duration())
                .isEqualTo(Duration.ofNanos(call.tookNanos));
    }

    @Test
    void theExceptionOfTheFirstIsThrownWithThatOfTheSecond() {
        streams = new SimulatedStreams(Retry.attempts(2).hedgeStreams(0.05));
        SimulatedStreams.Call call = run(
                failing(2_000, new SocketException("Connection reset")), failing(1_500, new SocketException("again")));
        assertThat(call.failure).isInstanceOf(LlmFaultException.class).hasRootCauseMessage("Connection reset");
        assertThat(Objects.requireNonNull(call.failure).getSuppressed()).hasSize(1);
    }

    @Test
    void theSecondAttemptGoesToAnotherDeployment() {
        streams = new SimulatedStreams(
                HEDGED,
                Route.from("https://api.openai.com/v1")
                        .failover(
                                Deployment.at("https://east.example/v1").named("east"),
                                Deployment.at("https://west.example/v1").named("west")));
        SimulatedStreams.Call call = run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(call.sent().get(0).host).isEqualTo("east.example");
        assertThat(call.sent().get(1).host).isEqualTo("west.example");
        assertThat(hedge().deployment()).isEqualTo("west");
        assertThat(streams.events.events(LlmEvent.FailedOver.class)).isEmpty();
    }

    @Test
    void aCallThatIsCancelledEndsBoth() {
        SimulatedStreams.Call call = streams.new Call(stream(60_000, "first"), stream(60_000, "second"));
        streams.time.at(Duration.ofSeconds(205), call::cancelByCaller);
        run(call);
        assertThat(LlmFaultException.faultOf(Objects.requireNonNull(call.failure))
                        .orElseThrow()
                        .cause())
                .isEqualTo(FaultCause.CANCELLED);
        assertThat(call.sent())
                .hasSize(2)
                .allMatch(sent -> sent.endedAt == Duration.ofSeconds(205).toNanos());
        assertThat(streams.events.only(LlmEvent.CallCancelled.class).attempts()).isEqualTo(2);
    }

    @Test
    void anAttemptThatDoesNotNoticeThatItIsCancelledHoldsNothingUp() {
        SimulatedStreams.Call call = run(streams.deaf(60), stream(1_000, "second"));
        assertThat(call.text).contains("second");
        assertThat(Duration.ofNanos(call.tookNanos)).isLessThan(Duration.ofMillis(2_200));
    }

    @Test
    void aCallWhoseAttemptsDoNotNoticeThatItIsCancelledEndsASecondLater() {
        SimulatedStreams.Call call = streams.new Call(streams.deaf(60), streams.deaf(60));
        streams.time.at(Duration.ofSeconds(205), call::cancelByCaller);
        run(call);
        assertThat(LlmFaultException.faultOf(Objects.requireNonNull(call.failure))
                        .orElseThrow()
                        .cause())
                .isEqualTo(FaultCause.CANCELLED);
        LlmEvent.CallCancelled end = streams.events.only(LlmEvent.CallCancelled.class);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(end.duration()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void whatLeavesSomethingBehindIsSentOnce() {
        for (String body : new String[] {
            "{\"store\":true,",
            "{\"tools\":[{\"type\":\"web_search\"}],",
            "{\"tools\":[{\"google_search\":{}}],",
            "{\"mcp_servers\":[],",
            "{\"background\":true,",
            "{\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"f\"}},{\"systemTool\":{}}]},"
        }) {
            streams = new SimulatedStreams(HEDGED);
            SimulatedStreams.Call call = run(streams
            .new Call(body + SimulatedStreams.BODY.substring(1), CallOptions.none(), stream(5_000, "first")));
            assertThat(call.sent()).as(body).hasSize(1);
        }
    }

    @Test
    void functionsOfTheApplicationAreNoReasonNotTo() {
        String body =
                "{\"store\":false,\"background\":null,\"toolConfig\":{\"tools\":[{\"toolSpec\":{}}]},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}],";
        SimulatedStreams.Call call = run(streams
        .new Call(
                body + SimulatedStreams.BODY.substring(1),
                CallOptions.none(),
                stream(5_000, "first"),
                stream(100, "second")));
        assertThat(call.text).contains("second");
    }

    @Test
    void aCallThatAsksForOneAttemptGetsOne() {
        SimulatedStreams.Call call = run(streams
        .new Call(SimulatedStreams.BODY, CallOptions.none().retry(RetryMode.OFF), stream(5_000, "first")));
        assertThat(call.sent()).hasSize(1);
    }

    @Test
    void nothingIsSentTwiceRightAfterAProviderHasRefused() {
        streams.at(195, streams.new Call(status(100, 429), stream(100, "x")));
        assertThat(run(stream(5_000, "first")).sent()).hasSize(1);
    }

    private static SimulatedStreams routed(String... names) {
        Deployment[] all = new Deployment[names.length];
        for (int i = 0; i < names.length; i++) {
            all[i] = Deployment.at("https://" + names[i] + ".example/v1").named(names[i]);
        }
        return new SimulatedStreams(
                HEDGED,
                Route.from("https://api.openai.com/v1").failover(all[0], Arrays.copyOfRange(all, 1, all.length)));
    }

    // What the first deployment has answered last.
    private void lastAnswer(SimulatedStreams.Late answer) {
        streams.at(190, streams.new Call(answer));
    }

    @Test
    void aProviderThatHasLittleLeftIsNotAskedTwice() {
        lastAnswer(withLeft(19, stream(100, "x")));
        assertThat(run(stream(5_000, "first")).sent()).hasSize(1);
    }

    @Test
    void aProviderThatHasEnoughLeftIsAskedTwice() {
        lastAnswer(withLeft(20, stream(100, "x")));
        assertThat(run(stream(5_000, "first"), stream(100, "second")).sent()).hasSize(2);
    }

    @Test
    void theNewestAnswerSaysHowMuchIsLeft() {
        streams.at(180, streams.new Call(withLeft(5, stream(100, "x"))));
        lastAnswer(withLeft(90, stream(100, "x")));
        assertThat(run(stream(5_000, "first"), stream(100, "second")).sent()).hasSize(2);
    }

    @Test
    void afterItsResetAProviderIsAskedTwiceAgain() {
        streams.at(150, streams.new Call(withLeft(5, stream(100, "x"))));
        assertThat(run(stream(5_000, "first"), stream(100, "second")).sent()).hasSize(2);
    }

    @Test
    void aDeploymentThatHasLittleLeftIsPassedOver() {
        streams = routed("east", "west", "spare");
        // East fails, and west answers that it has little left.
        streams.at(150, streams.new Call(status(100, 500), withLeft(5, stream(100, "x"))));
        streams.at(160, streams.new Call(status(100, 500), withLeft(5, stream(100, "x"))));
        SimulatedStreams.Call call = run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(call.sent()).extracting(sent -> sent.host).containsExactly("east.example", "west.example");
        streams = routed("east", "west", "spare");
        streams.at(165, streams.new Call(status(100, 500), withLeft(5, stream(100, "x"))));
        call = run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(call.sent()).extracting(sent -> sent.host).containsExactly("east.example", "spare.example");
    }

    @Test
    void whereTheOthersHaveLittleLeftTheFirstIsAskedTwice() {
        streams = routed("east", "west");
        streams.at(165, streams.new Call(status(100, 500), withLeft(5, stream(100, "x"))));
        SimulatedStreams.Call call = run(stream(60_000, "first"), stream(1_000, "second"));
        assertThat(call.sent()).extracting(sent -> sent.host).containsExactly("east.example", "east.example");
        assertThat(call.text).contains("second");
    }

    @Test
    void aPlaceWhoseRetriesAreNearlyUsedUpIsNotAskedTwice() {
        streams.at(160, streams.new Call(status(100, 503), status(100, 503), status(100, 503)));
        SimulatedStreams.Call later = streams.new Call(stream(60_000, "first"), stream(1_000, "second"));
        streams.at(600, later);
        assertThat(run(stream(5_000, "first")).sent()).hasSize(1);
        assertThat(later.sent()).hasSize(2);
    }

    @Test
    void whatTheSecondMayHaveBilledIsRepeatedOnce() {
        streams = new SimulatedStreams(Retry.attempts(4).hedgeStreams(0.05));
        SimulatedStreams.Call call = run(
                status(3_000, 503),
                failing(1_000, new SocketException("Connection reset")),
                failing(100, new SocketException("Connection reset")),
                stream(100, "fourth"));
        assertThat(call.sent()).hasSize(3);
        assertThat(streams.events.only(LlmEvent.RetryRefused.class).why())
                .isEqualTo(LlmEvent.RetryRefused.Why.ONLY_ONCE);
        assertThat(Objects.requireNonNull(call.failure).getSuppressed()).hasSize(1);
    }

    @Test
    void whatTheSecondMayHaveBilledCountsWhenItIsSentAThirdTime() {
        run(status(3_000, 503), failing(1_000, new SocketException("Connection reset")), stream(100, "third"));
        assertThat(streams.events.only(LlmEvent.RetryScheduled.class).mayBillTwice())
                .isTrue();
        assertThat(streams.counts().possibleDuplicates()).isEqualTo(1);
    }

    @Test
    void whenBothFailTheCallGoesToTheDeploymentThatIsLeft() {
        streams = routed("east", "west", "spare");
        SimulatedStreams.Call call = run(status(3_000, 503), status(1_000, 500), stream(100, "third"));
        assertThat(call.sent())
                .extracting(sent -> sent.host)
                .containsExactly("east.example", "west.example", "spare.example");
        assertThat(streams.events.events(LlmEvent.AttemptStarted.class).stream()
                        .filter(attempt ->
                                attempt.call().id().equals(hedge().call().id())))
                .extracting(LlmEvent.AttemptStarted::attempt, LlmEvent.AttemptStarted::deployment)
                .containsExactly(tuple(1, "east"), tuple(2, "west"), tuple(3, "spare"));
        LlmEvent.FailedOver over = streams.events.only(LlmEvent.FailedOver.class);
        assertThat(over.to()).isEqualTo("spare");
        assertThat(streams.events.faults())
                .extracting(Fault::cause)
                .containsExactly(FaultCause.SERVER_ERROR, FaultCause.UNAVAILABLE);
        assertThat(call.text).contains("third");
    }

    @Test
    void whatAStageHoldsForAnAttemptIsGivenBackOnceHoweverTheRaceEnds() {
        for (SimulatedStreams.Late[] answers : new SimulatedStreams.Late[][] {
            {stream(60_000, "first"), stream(1_000, "second")},
            {stream(2_000, "first"), stream(60_000, "second")},
            {status(3_000, 503), status(1_000, 500), stream(100, "third")},
            {stream(3_000, "first"), failing(500, new SocketException("Connection reset"))},
        }) {
            streams = routed("east", "west", "spare");
            SimulatedStreams.Call call = run(answers);
            assertThat(call.failure).isNull();
            assertThat(streams.held.get()).isZero();
            assertThat(streams.taken.get()).isEqualTo(120 + call.sent().size());
        }
    }

    @Test
    void notMoreThanTheShareIsSentTwice() {
        streams.learn();
        for (int i = 0; i < 100; i++) {
            streams.at(200 + 70 * i, streams.new Call(stream(60_000, "first"), stream(1_000, "second")));
        }
        streams.time.run();
        assertThat(streams.counts().hedges()).isBetween(5L, 10L);
        assertThat(streams.counts().hedges()).isLessThanOrEqualTo(220 / 20 + 1);
    }

    @Test
    void settingsThatContradictItAreRefused() {
        assertThatThrownBy(() -> Retry.attempts(1).hedgeStreams(0.05))
                .hasMessage("hedgeStreams: 0.05 with attempts: 1 (expected: at least 2 attempts, the second one beside"
                        + " the first is one of them)");
        assertThatThrownBy(() -> HEDGED.hedgeStreams(0.5))
                .hasMessage("hedgeStreams: 0.5 (expected: more than 0, at most 0.2)");
        assertThatThrownBy(() -> LlmProxy.builder()
                        .retry(HEDGED)
                        .timeouts(Timeouts.standard().adapt(Adapt.OFF))
                        .build())
                .hasMessageContaining("expected: timeouts that learn");
        assertThatThrownBy(() -> LlmProxy.builder()
                        .retry(HEDGED)
                        .integrity(Integrity.off())
                        .build())
                .hasMessageContaining("expected: Integrity.strict()");
    }
}
