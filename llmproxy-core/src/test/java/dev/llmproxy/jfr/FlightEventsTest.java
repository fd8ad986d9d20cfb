package dev.llmproxy.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.retry.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import okio.Buffer;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording has of calls, read from its file. */
class FlightEventsTest {
    private static final String COLLECTION = "jdk.GarbageCollection";
    private static final String STREAM =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                    + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"},"
                    + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    @TempDir
    Path directory;

    private final LlmProxy proxy = LlmProxy.builder().retry(Retry.attempts(2)).build();

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable(COLLECTION);
        for (String name : List.of("Call", "Attempt", "Fault", "LocalStall")) {
            recording.enable("dev.llmproxy." + name).withoutThreshold();
        }
        recording.start();
        return recording;
    }

    private List<RecordedEvent> dumped(Recording recording) throws IOException {
        Path file = directory.resolve("calls.jfr");
        recording.dump(file);
        recording.close();
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.llmproxy." + name))
                .toList();
    }

    private void call(boolean streamed, FakeTransport.Answer... answers) {
        try (LlmResponse response = proxy.execute(
                streamed ? FakeTransport.streamedChat() : FakeTransport.chat(),
                CallOptions.none(),
                FakeTransport.answering(answers))) {
            response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            // Its end is what is recorded.
        }
    }

    private static FakeTransport.Answer streamAfter(Runnable work) {
        return (request, attempt) -> {
            work.run();
            return LlmResponse.builder(200)
                    .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                    .body(new Buffer().writeUtf8(STREAM))
                    .build();
        };
    }

    @Test
    void aCallItsAttemptsAndItsFaultsAreRecorded() throws IOException {
        try (Recording recording = recording()) {
            call(false, FakeTransport.json(503, "{}"), FakeTransport.ok());
            List<RecordedEvent> events = dumped(recording);

            RecordedEvent call = named(events, "Call").get(0);
            assertThat(call.getString("outcome")).isEqualTo("answered");
            assertThat(call.getString("model")).isEqualTo("gpt-4o");
            assertThat(call.getString("host")).isEqualTo("api.openai.com");
            assertThat(call.getInt("attempts")).isEqualTo(2);
            assertThat(call.getInt("status")).isEqualTo(200);
            assertThat(call.getLong("bytes")).isPositive();

            List<RecordedEvent> attempts = named(events, "Attempt");
            assertThat(attempts).extracting(event -> event.getString("outcome")).containsExactly("failed", "answered");
            assertThat(attempts).extracting(event -> event.getInt("attempt")).containsExactly(1, 2);
            assertThat(attempts).extracting(event -> event.getString("model")).containsOnly("gpt-4o");
            assertThat(attempts).extracting(event -> event.getString("call")).containsOnly(call.getString("call"));

            RecordedEvent fault = named(events, "Fault").get(0);
            assertThat(fault.getString("cause")).isEqualTo("provider.unavailable");
            assertThat(fault.getString("blame")).isEqualTo("provider");
            assertThat(fault.getString("where")).isEqualTo("api.openai.com gpt-4o attempt 1");
            assertThat(fault.getString("call")).isEqualTo(call.getString("call"));
        }
    }

    @Test
    void whatLastsIsRecordedWithItsBeginningAndItsEnd() throws IOException {
        try (Recording recording = recording()) {
            call(false, FakeTransport.json(503, "{}"), FakeTransport.ok());
            List<RecordedEvent> events = dumped(recording);
            RecordedEvent call = named(events, "Call").get(0);
            assertThat(call.getDuration()).isPositive();
            for (RecordedEvent attempt : named(events, "Attempt")) {
                assertThat(attempt.getStartTime()).isBetween(call.getStartTime(), call.getEndTime());
                assertThat(attempt.getEndTime()).isBetween(attempt.getStartTime(), call.getEndTime());
            }
        }
    }

    @Test
    void aCollectionOfGarbageStandsInTheWaitForTheFirstToken() throws IOException {
        try (Recording recording = recording()) {
            call(true, streamAfter(System::gc));
            List<RecordedEvent> events = dumped(recording);
            RecordedEvent attempt = named(events, "Attempt").get(0);
            Duration firstToken = attempt.getDuration("firstToken");
            Instant token = attempt.getStartTime().plus(firstToken);
            assertThat(firstToken).isPositive();
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().equals(COLLECTION))
                    .filteredOn(event -> "System.gc()".equals(event.getString("cause")))
                    .anySatisfy(collection ->
                            assertThat(collection.getStartTime()).isBetween(attempt.getStartTime(), token));
            assertThat(named(events, "Call").get(0).getDuration("firstToken")).isPositive();
        }
    }

    @Test
    void aTimerThatWasLateIsALocalStall() throws IOException {
        CallInfo call = new CallInfo("t-", 1, null, FakeTransport.chat().url().origin(), FakeTransport.chat());
        try (Recording recording = recording()) {
            new FlightListener().onEvent(new LlmEvent.PauseAbsorbed(call, Duration.ofSeconds(2)));
            assertThat(named(dumped(recording), "LocalStall")).singleElement().satisfies(stall -> {
                assertThat(stall.getString("call")).isEqualTo("t-1");
                assertThat(stall.getDuration("late")).isEqualTo(Duration.ofSeconds(2));
            });
        }
    }

    @Test
    void anAttemptTellsTheModelThatItAsksFor() throws IOException {
        CallInfo call = new CallInfo("t-", 1, null, FakeTransport.chat().url().origin(), FakeTransport.chat());
        try (Recording recording = recording()) {
            FlightListener listener = new FlightListener();
            listener.onEvent(new LlmEvent.AttemptStarted(call, 1, "east"));
            listener.onEvent(new LlmEvent.ModelReplaced(call, 1, "east", "gpt-4o-mini"));
            PhaseTimes times = PhaseTimes.of(new long[Phase.values().length]);
            Fault fault = Fault.builder(FaultCause.PROVIDER_HUNG).build();
            listener.onEvent(new LlmEvent.AttemptFailed(call, 1, "east", call.origin(), fault, times));
            assertThat(named(dumped(recording), "Attempt"))
                    .extracting(event -> event.getString("model"))
                    .containsExactly("gpt-4o-mini");
        }
    }

    @Test
    void aCallThatBeganBeforeTheRecordingIsNotInIt() throws IOException {
        LlmResponse running = proxy.execute(
                FakeTransport.streamedChat(), CallOptions.none(), FakeTransport.answering(streamAfter(() -> {})));
        try (Recording recording = recording()) {
            running.body().readAll(Okio.blackhole());
            running.close();
            call(false, FakeTransport.ok());
            assertThat(named(dumped(recording), "Call")).hasSize(1);
        }
    }

    @Test
    void withoutARecordingNothingIsKept() throws IOException {
        FlightListener listener = new FlightListener();
        try (LlmProxy listened = LlmProxy.builder().listener(listener).build();
                LlmResponse running = listened.execute(
                        FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
            assertThat(listener).hasToString("flight recorder, 0 calls and 0 attempts");
            running.body().readAll(Okio.blackhole());
        }
    }

    @Test
    void whatIsKeptWhileARecordingRunsIsLetGo() throws IOException {
        FlightListener listener = new FlightListener();
        try (Recording recording = recording();
                LlmProxy listened = LlmProxy.builder().listener(listener).build()) {
            LlmResponse running = listened.execute(
                    FakeTransport.streamedChat(), CallOptions.none(), FakeTransport.answering(streamAfter(() -> {})));
            assertThat(listener).hasToString("flight recorder, 1 calls and 1 attempts");
            // Also where the recording ends before the call.
            recording.stop();
            running.body().readAll(Okio.blackhole());
            running.close();
            assertThat(listener).hasToString("flight recorder, 0 calls and 0 attempts");
        }
    }
}
