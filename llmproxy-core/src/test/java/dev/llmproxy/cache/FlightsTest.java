package dev.llmproxy.cache;

import static dev.llmproxy.cache.SharedCalls.event;
import static dev.llmproxy.cache.SharedCalls.last;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.cache.SharedCalls.Call;
import dev.llmproxy.cache.SharedCalls.Upstream;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FlightsTest {
    private static final String KEY = "k";
    private static final long WINDOW = 1 << 20;
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private SharedCalls calls = new SharedCalls(WINDOW);

    @AfterEach
    void everythingEnds() {
        calls.stage.awaitOver();
        calls.close();
        calls.events.assertBalanced();
    }

    private List<Call> followed(int followers) {
        return followed(followers, CallOptions.none());
    }

    // The first is the leader, and its request is on its way.
    private List<Call> followed(int followers, CallOptions options) {
        List<Call> all = new ArrayList<>(List.of(calls.call(KEY, options)));
        upstream = next();
        for (int i = 0; i < followers; i++) {
            all.add(calls.call(KEY));
        }
        calls.stage.awaitParticipants(followers);
        return all;
    }

    private Upstream upstream = calls.new Upstream();

    private Upstream next() {
        try {
            return calls.nextUpstream();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Fault faultOf(CompletableFuture<?> call) {
        Throwable thrown = catchThrowable(() -> call.get(2, TimeUnit.MINUTES));
        return LlmFaultException.faultOf(thrown).orElseThrow(() -> new AssertionError("no fault", thrown));
    }

    private static List<CompletableFuture<String>> texts(List<Call> of) {
        return of.stream().map(Call::textInBackground).toList();
    }

    private static void assertAll(List<CompletableFuture<String>> texts, String expected) throws Exception {
        for (CompletableFuture<String> text : texts) {
            assertThat(text.get(2, TimeUnit.MINUTES)).isEqualTo(expected);
        }
    }

    @Test
    void twoHundredCallsShareOne() throws Exception {
        List<CompletableFuture<String>> texts = texts(followed(199));
        upstream.answer();
        upstream.say(event("a")).say(event("b")).say(last("c")).end();
        assertAll(texts, event("a") + event("b") + last("c"));
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.events.events(LlmEvent.AttemptStarted.class)).hasSize(1);
        assertThat(calls.events.events(LlmEvent.CallSucceeded.class)).hasSize(200);
        assertThat(calls.events.events(LlmEvent.CallSucceeded.class))
                .filteredOn(done -> done.attempts() == 1)
                .hasSize(1)
                .allMatch(done -> done.answer().model().equals("gpt-4o"));
        assertThat(calls.stage.stored).containsExactly(ByteString.encodeUtf8(event("a") + event("b") + last("c")));
    }

    @Test
    void saysHowManyAttemptsWereSent() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(last("a")).end();
        assertThat(all.get(0).answer().headers().get("X-LlmProxy-Attempts")).hasValue("1");
        assertThat(all.get(1).answer().headers().get("X-LlmProxy-Attempts")).hasValue("0");
        assertAll(texts(all), last("a"));
    }

    @Test
    void aLateCallGetsAllBytesFromTheFirst() throws Exception {
        Call first = calls.call(KEY);
        upstream = next();
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse reading = first.answer();
        assertThat(reading.body().readUtf8(event("a").length())).isEqualTo(event("a"));
        Call late = calls.call(KEY);
        assertThat(late.answer().body().readUtf8(event("a").length())).isEqualTo(event("a"));
        upstream.say(last("b")).end();
        assertAll(texts(List.of(first, late)), last("b"));
        assertThat(calls.unseenUpstreams()).isZero();
    }

    @Test
    void aLeaderThatIsCancelledBeforeTheAnswerIsFollowedByOne() throws Exception {
        List<Call> all = followed(50);
        all.get(0).cancelByCaller();
        assertThat(faultOf(all.get(0).response).cause()).isEqualTo(FaultCause.CANCELLED);
        upstream = next();
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(all.subList(1, 51)), last("a"));
        assertThat(calls.unseenUpstreams()).isZero();
    }

    @Test
    void aLeaderThatIsCancelledAfterwardsLeavesTheOthersAlone() throws Exception {
        List<Call> all = followed(20);
        upstream.answer();
        upstream.say(event("a"));
        for (Call call : all) {
            assertThat(call.answer().body().readUtf8(event("a").length())).isEqualTo(event("a"));
        }
        all.get(0).cancelByCaller();
        assertThat(faultOf(all.get(0).textInBackground()).cause()).isEqualTo(FaultCause.CANCELLED);
        upstream.say(last("b")).end();
        assertAll(texts(all.subList(1, 21)), last("b"));
        assertThat(calls.unseenUpstreams()).isZero();
        // Its attempt ends after its call, and once: see RecordingListener.
        assertThat(calls.events.events(LlmEvent.AttemptSucceeded.class)).hasSize(1);
    }

    @Test
    void theLastToLeaveCancelsTheUpstream() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        for (Call call : all) {
            assertThat(call.answer().code()).isEqualTo(200);
        }
        all.get(0).answer().close();
        assertThat(upstream.gone).isNotDone();
        all.get(1).answer().close();
        assertThat(upstream.gone.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(calls.events.events(LlmEvent.CallCancelled.class)).hasSize(2);
        assertThat(calls.stage.stored).isEmpty();
    }

    @Test
    void whoeverIsLeftInAPullIsCutOffWithTheLast() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        List<CompletableFuture<String>> texts = texts(all);
        all.forEach(Call::cancelByCaller);
        for (CompletableFuture<String> text : texts) {
            assertThat(faultOf(text).cause()).isEqualTo(FaultCause.CANCELLED);
        }
        assertThat(upstream.gone.get(2, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aStreamThatIsClosedBehindItsTerminatorIsStored() throws Exception {
        Call call = calls.call(KEY);
        upstream = next();
        upstream.answer();
        upstream.say(last("a"));
        try (LlmResponse answer = call.answer()) {
            assertThat(answer.body().readUtf8(last("a").length())).isEqualTo(last("a"));
        }
        assertThat(upstream.gone.get(2, TimeUnit.MINUTES)).isFalse();
        assertThat(calls.stage.stored).containsExactly(ByteString.encodeUtf8(last("a")));
        assertThat(calls.events.kinds()).endsWith("CallSucceeded");
    }

    @Test
    void aSlowReaderDoesNotHoldTheOthers() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a")).say(event("b")).say(last("c")).end();
        assertThat(all.get(0).text()).isEqualTo(event("a") + event("b") + last("c"));
        assertThat(all.get(1).text()).isEqualTo(event("a") + event("b") + last("c"));
    }

    @Test
    void anUpstreamThatBreaksIsAFaultOfEachCall() throws Exception {
        List<Call> all = followed(10);
        upstream.answer();
        upstream.say(event("a")).cut();
        for (CompletableFuture<String> text : texts(all)) {
            assertThat(faultOf(text).cause()).isEqualTo(FaultCause.RESET_MID_ANSWER);
        }
        assertThat(calls.events.events(LlmEvent.CallFailed.class)).hasSize(11);
        assertThat(calls.events.events(LlmEvent.FaultDetected.class))
                .hasSize(11)
                .extracting(told -> told.call().id())
                .doesNotHaveDuplicates();
        assertThat(calls.events.faults())
                .filteredOn(fault -> fault.evidence().stream()
                        .anyMatch(e -> e.toString()
                                .contains("attempt 1 of call " + all.get(0).id())))
                .hasSize(10);
        assertThat(calls.unseenUpstreams()).isZero();
    }

    @Test
    void afterAFailureOneSendsAnew() throws Exception {
        List<Call> all = followed(30);
        upstream.fail();
        assertThat(faultOf(all.get(0).response).cause()).isNotNull();
        upstream = next();
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(all.subList(1, 31)), last("a"));
        assertThat(calls.unseenUpstreams()).isZero();
    }

    @Test
    void afterTwoFailuresEverybodyHasFailed() throws Exception {
        List<Call> all = followed(30);
        upstream.fail();
        next().fail();
        for (Call call : all) {
            assertThat(faultOf(call.response).cause()).isNotNull();
        }
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.events.events(LlmEvent.CallFailed.class)).hasSize(31);
        assertThat(calls.events.events(LlmEvent.AttemptFailed.class)).hasSize(2);
    }

    @Test
    void aRefusalThatEverybodyWouldGetIsShared() throws Exception {
        String refusal = "{\"error\":{\"message\":\"no such model\",\"code\":\"model_not_found\"}}";
        List<Call> all = followed(10);
        upstream.refuse(404, refusal);
        for (Call call : all) {
            assertThat(call.answer().code()).isEqualTo(404);
            assertThat(call.answer().headers().get("X-LlmProxy-Fault")).hasValue(FaultCause.MODEL_UNKNOWN.code());
        }
        assertAll(texts(all), refusal);
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.events.events(LlmEvent.CallFailed.class))
                .hasSize(11)
                .allMatch(failed -> failed.fault().cause() == FaultCause.MODEL_UNKNOWN);
        assertThat(calls.events.faults()).hasSize(11);
    }

    @Test
    void aRefusalThatMayPassIsSentAnew() throws Exception {
        List<Call> all = followed(2);
        upstream.refuse(503, "{}");
        assertThat(all.get(0).answer().code()).isEqualTo(503);
        assertThat(all.get(0).text()).isEqualTo("{}");
        upstream = next();
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(all.subList(1, 3)), last("a"));
    }

    @Test
    void anInterruptedFollowerLeavesAtOnce() throws Exception {
        List<Call> all = followed(2);
        all.get(1).thread.interrupt();
        assertThat(faultOf(all.get(1).response).cause()).isEqualTo(FaultCause.CANCELLED);
        assertThat(all.get(1).interrupted.get(2, TimeUnit.MINUTES)).isTrue();
        calls.stage.awaitParticipants(1);
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(List.of(all.get(0), all.get(2))), last("a"));
    }

    @Test
    void anInterruptedReaderLeavesTheOthersAlone() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse interrupted = all.get(0).answer();
        assertThat(interrupted.body().readUtf8(event("a").length())).isEqualTo(event("a"));
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> interrupted.body().readUtf8());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.CANCELLED);
        upstream.say(last("b")).end();
        assertAll(texts(all.subList(1, 2)), event("a") + last("b"));
    }

    @Test
    void whoeverIsInterruptedInItsPullLeavesTheOthersAlone() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse pulling = all.get(0).answer();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> thrown.complete(
                catchThrowable(() -> assertThat(pulling.body().readUtf8()).isEmpty())));
        reader.start();
        upstream.awaitReader(reader);
        reader.interrupt();
        assertThat(LlmFaultException.faultOf(thrown.get(2, TimeUnit.MINUTES))
                        .orElseThrow()
                        .cause())
                .isEqualTo(FaultCause.CANCELLED);
        upstream.say(last("b")).end();
        assertAll(texts(all.subList(1, 2)), event("a") + last("b"));
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.stage.stored).hasSize(1);
        pulling.close();
    }

    @Test
    void aSocketThatIsClosedUnderAnInterruptIsNobodyElsesFault() throws Exception {
        List<Call> all = followed(1);
        upstream.closesUnderInterrupt();
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse pulling = all.get(0).answer();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> thrown.complete(
                catchThrowable(() -> assertThat(pulling.body().readUtf8()).isEmpty())));
        reader.start();
        upstream.awaitReader(reader);
        reader.interrupt();
        assertThat(LlmFaultException.faultOf(thrown.get(2, TimeUnit.MINUTES))).isPresent();
        Fault other = faultOf(all.get(1).textInBackground());
        assertThat(other.summary()).startsWith("another call of the application read the shared answer");
        assertThat(calls.events.faults()).isNotEmpty().allMatch(fault -> fault.cause() == FaultCause.CANCELLED);
        pulling.close();
    }

    @Test
    void anAttemptThatFailsIsRepeatedInsideItsFlight() throws Exception {
        everythingEnds();
        calls = new SharedCalls(WINDOW, Timeouts.standard(), (request, chain) -> {
            try {
                return chain.proceed(request);
            } catch (LlmFaultException e) {
                return chain.proceed(request);
            }
        });
        List<Call> all = followed(10);
        upstream.fail();
        upstream = next();
        upstream.answer();
        upstream.say(last("a")).end();
        assertThat(all.get(0).answer().headers().get("X-LlmProxy-Attempts")).hasValue("2");
        assertAll(texts(all), last("a"));
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.events.events(LlmEvent.AttemptStarted.class))
                .extracting(LlmEvent.AttemptStarted::attempt)
                .containsExactly(1, 2);
        assertThat(calls.events.events(LlmEvent.CallSucceeded.class)).hasSize(11);
        assertThat(calls.stage.stored).hasSize(1);
    }

    @Test
    void theDeadlineOfAFollowerIsItsOwn() throws Exception {
        List<Call> all = followed(1);
        Call hurried = calls.call(KEY, CallOptions.none().deadline(Duration.ofMillis(300)));
        assertThat(faultOf(hurried.response).cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(all), last("a"));
    }

    @Test
    void theDeadlineOfTheLeaderEndsWhatHasNotBegun() throws Exception {
        List<Call> all = followed(5, CallOptions.none().deadline(Duration.ofMillis(500)));
        assertThat(faultOf(all.get(0).response).cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        upstream = next();
        upstream.answer();
        upstream.say(last("a")).end();
        assertAll(texts(all.subList(1, 6)), last("a"));
    }

    @Test
    void theDeadlineOfTheLeaderDoesNotEndWhatHasBegun() throws Exception {
        List<Call> all = followed(1, CallOptions.none().deadline(Duration.ofSeconds(2)));
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse other = all.get(1).answer();
        assertThat(other.body().readUtf8(event("a").length())).isEqualTo(event("a"));
        all.get(0).answer();
        calls.stage.awaitParticipants(1);
        assertThat(faultOf(all.get(0).textInBackground()).cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        upstream.say(last("b")).end();
        assertAll(texts(all.subList(1, 2)), last("b"));
    }

    @Test
    void anAnswerThatComesAfterItsOwnTimeIsAFailureOfItsFlight() throws Exception {
        everythingEnds();
        calls = new SharedCalls(WINDOW, Timeouts.standard(), (request, chain) -> {
            LlmResponse response = chain.proceed(request);
            assertThat(chain.call().cancelledBeforeAnswer(Ending.byTimer(Budget.CALL, HOUR)))
                    .isTrue();
            return response;
        });
        List<Call> all = followed(10);
        upstream.answer();
        upstream.say(last("a")).end();
        upstream = next();
        upstream.answer();
        upstream.say(last("b")).end();
        for (Call call : all) {
            assertThat(faultOf(call.response).cause()).isEqualTo(FaultCause.LONG_ANSWER);
        }
        assertThat(calls.unseenUpstreams()).isZero();
        assertThat(calls.events.events(LlmEvent.CallFailed.class)).hasSize(11);
    }

    @Test
    void whoFallsTooFarBehindIsDropped() throws Exception {
        everythingEnds();
        calls = new SharedCalls(16 << 10);
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        LlmResponse slow = all.get(1).answer();
        assertThat(slow.body().readUtf8(1)).isEqualTo("d");
        StringBuilder expected = new StringBuilder(event("a"));
        for (int i = 0; i < 8; i++) {
            String more = event("x".repeat(8_000));
            expected.append(more);
            upstream.say(more);
        }
        upstream.say(last("c")).end();
        assertThat(all.get(0).text()).isEqualTo(expected + last("c"));
        Throwable thrown = catchThrowable(() -> slow.body().readUtf8());
        assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.OWN_LIMITS);
        slow.close();
    }

    @Test
    void beyondTheWindowNewCallsBeginAnotherFlight() throws Exception {
        everythingEnds();
        calls = new SharedCalls(16 << 10);
        Call first = calls.call(KEY);
        upstream = next();
        upstream.answer();
        String long1 = event("x".repeat(20_000));
        upstream.say(long1);
        assertThat(first.answer().body().readUtf8(long1.length())).isEqualTo(long1);
        Call second = calls.call(KEY);
        Upstream other = next();
        other.answer();
        other.say(last("y")).end();
        assertThat(second.text()).isEqualTo(last("y"));
        upstream.say(last("z")).end();
        assertThat(first.text()).isEqualTo(last("z"));
    }

    @Test
    void callsThatAreDroppedWithoutBeingClosedFreeTheFlight() throws Exception {
        drop();
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 100 && !upstream.gone.isDone(); i++) {
            System.gc();
            var unused = never.await(200, TimeUnit.MILLISECONDS);
        }
        assertThat(upstream.gone).isCompletedWithValue(true);
        assertThat(calls.events.events(LlmEvent.ResponseLeaked.class)).hasSize(2);
        assertThat(calls.events.events(LlmEvent.AttemptFailed.class)).hasSize(1);
    }

    private void drop() throws Exception {
        List<Call> all = followed(1);
        upstream.answer();
        upstream.say(event("a"));
        for (Call call : all) {
            assertThat(call.answer().code()).isEqualTo(200);
            call.forget();
        }
    }

    @Test
    void nothingIsMixedUpOrLostInManyRounds() throws Exception {
        int rounds = Integer.getInteger("llmproxy.flight.rounds", 100);
        Thread provider = new Thread(() -> {
            try {
                while (true) {
                    answerDistinctly(calls.nextUpstream());
                }
            } catch (InterruptedException e) {
                // Over.
            }
        });
        provider.setDaemon(true);
        provider.start();
        for (int round = 0; round < rounds; round++) {
            List<Call> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(calls.call("key-" + i % 8));
            }
            List<CompletableFuture<String>> texts = texts(all);
            for (int i = 0; i < 64; i++) {
                String mark = "key-" + i % 8;
                assertThat(texts.get(i).get(2, TimeUnit.MINUTES))
                        .isEqualTo(event(mark + "-a") + event(mark + "-b") + last(mark + "-c"));
            }
        }
        provider.interrupt();
        provider.join(30_000);
        assertThat(calls.stage.hows).contains("COALESCED");
    }

    private static void answerDistinctly(Upstream to) {
        String mark = to.key();
        to.answer();
        to.say(event(mark + "-a"))
                .say(event(mark + "-b"))
                .say(last(mark + "-c"))
                .end();
    }
}
