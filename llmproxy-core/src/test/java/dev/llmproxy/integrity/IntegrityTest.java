package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntegrityTest {
    private static final String FIRST = event("{\"role\":\"assistant\",\"content\":\"Hel\"}", "null");
    private static final String LAST = event("{\"content\":\"lo\"}", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";

    private final RecordingListener events = new RecordingListener();

    private static String event(String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private static String readAtRelay(LlmProxy proxy, String body) throws IOException {
        return readAtRouter(proxy, "someone", body);
    }

    private static String readAtRouter(LlmProxy proxy, String server, String body) throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream", "x-inference-provider", server))
                .body(new Buffer().writeUtf8(body))
                .build());
        LlmRequest request = FakeTransport.chat("https://relay.example/v1/chat/completions");
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    private String read(Integrity integrity, String type, String body) throws IOException {
        LlmRequest asked = type.contains("event-stream") ? FakeTransport.streamedChat() : FakeTransport.chat();
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", type, "x-request-id", "req_1"))
                .body(new Buffer().writeUtf8(body))
                .build());
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(asked, CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    private Fault fault(Integrity integrity, String type, String body) {
        return catchThrowableOfType(LlmFaultException.class, () -> read(integrity, type, body))
                .fault();
    }

    @Test
    void aWholeStreamPassesAndTellsWhatItIs() throws IOException {
        String stream = FIRST + LAST + DONE;
        assertThat(read(Integrity.strict(), "text/event-stream", stream)).isEqualTo(stream);
        LlmEvent.CallSucceeded end = events.only(LlmEvent.CallSucceeded.class);
        assertThat(end.answer().id()).isEqualTo("chatcmpl-1");
        assertThat(end.answer().model()).isEqualTo("gpt-4o");
        assertThat(end.answer().finishReason()).isEqualTo("stop");
        assertThat(end.answer().requestId()).isEqualTo("req_1");
        assertThat(end.answer().outputTokens()).isEqualTo(-1);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void whatWillBeAnsweredElsewhereIsNoAnswerYet() throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(202)
                .headers(LlmHeaders.of("NVCF-REQID", "r1"))
                .body(new Buffer())
                .build());
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build();
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            assertThat(response.body().readUtf8()).isEmpty();
        }
        assertThat(events.kinds()).doesNotContain("FindingDetected");
        assertThat(events.only(LlmEvent.CallSucceeded.class).status()).isEqualTo(202);
    }

    @Test
    void anEmptyAnswerThatIsOnlyAcceptedAnswersNothing() {
        FakeTransport transport = FakeTransport.answering((request, attempt) ->
                LlmResponse.builder(202).body(new Buffer()).build());
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)
                            .body()
                            .readUtf8())
                    .isInstanceOf(LlmFaultException.class);
        }
        assertThat(events.only(LlmEvent.FindingDetected.class).rule()).isEqualTo(Rule.TRANSPORT_EMPTY);
    }

    @Test
    void aStreamWithoutItsTerminatorIsNoSuccess() {
        Fault fault = fault(Integrity.strict(), "text/event-stream", FIRST);
        assertThat(fault.cause()).isEqualTo(FaultCause.STREAM_UNTERMINATED);
        assertThat(fault.evidence("rule")).hasValue("stream.no-terminator");
        assertThat(fault.explain()).doesNotContain("Hel");
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.rule()).isEqualTo(Rule.STREAM_NO_TERMINATOR);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.ERROR);
    }

    @Test
    void aDeclaredLengthCountsBehindTheTerminatorToo() {
        String stream = FIRST + LAST + DONE;
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(new Buffer().writeUtf8(stream), stream.length() + 1)
                .build());
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThatThrownBy(() -> {
                        try (LlmResponse response =
                                proxy.execute(FakeTransport.streamedChat(), CallOptions.none(), transport)) {
                            response.body().readUtf8();
                        }
                    })
                    .hasMessageStartingWith("corruption.truncated-length");
        }
    }

    @Test
    void whatTheEndShowsIsToldOnce() {
        String call = event(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}",
                "null");
        Fault fault = fault(Integrity.strict(), "text/event-stream", call + event("{}", "\"tool_calls\"") + DONE);
        assertThat(fault.cause()).isEqualTo(FaultCause.BAD_TOOL_ARGUMENTS);
        assertThat(events.only(LlmEvent.FindingDetected.class).rule()).isEqualTo(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void vectorsAreHeldToWhatWasAskedFor() {
        ByteString asked = ByteString.encodeUtf8("{\"model\":\"m\",\"input\":[\"a\",\"b\"]}");
        LlmRequest request = FakeTransport.chat("https://relay.example/v1/embeddings").toBuilder()
                .body(LlmBody.of(asked, "application/json"))
                .build();
        FakeTransport transport =
                FakeTransport.answering(FakeTransport.json(200, "{\"data\":[{\"index\":0,\"embedding\":[0.1,0.2]}]}"));
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThatThrownBy(() -> proxy.execute(request, CallOptions.none(), transport))
                    .isInstanceOf(LlmFaultException.class)
                    .hasMessageContaining("1 vectors for 2 inputs");
        }
    }

    @Test
    void aServerThatHasSentTerminatorsIsHeldToThem() throws IOException {
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThat(readAtRelay(proxy, FIRST + LAST)).endsWith(LAST);
            assertThat(readAtRelay(proxy, FIRST + LAST + DONE)).endsWith(DONE);
            LlmFaultException cut =
                    catchThrowableOfType(LlmFaultException.class, () -> readAtRelay(proxy, FIRST + LAST));
            assertThat(cut.fault().cause()).isEqualTo(FaultCause.STREAM_UNTERMINATED);
        }
    }

    // Hugging Face's router hands through what the servers behind it send.
    @Test
    void behindARouterEachServerIsHeldToItsOwn() throws IOException {
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build()) {
            assertThat(readAtRouter(proxy, "novita", FIRST + LAST + DONE)).endsWith(DONE);
            assertThat(readAtRouter(proxy, "cerebras", FIRST + LAST)).endsWith(LAST);
            String other = (FIRST + LAST).replace("gpt-4o", "llama3.1-8b");
            assertThat(readAtRouter(proxy, "novita", other)).isEqualTo(other);
            assertThatThrownBy(() -> readAtRouter(proxy, "novita", FIRST + LAST))
                    .isInstanceOf(LlmFaultException.class);
        }
    }

    @Test
    void openAiEndsItsStreams() {
        Fault fault = fault(Integrity.strict(), "text/event-stream", FIRST + LAST);
        assertThat(fault.cause()).isEqualTo(FaultCause.STREAM_UNTERMINATED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"choices\":[{\"index\":0,\"mess|TRUNCATED_SILENTLY",
                "<!doctype html><title>Sign in</title>|HTML_PAGE",
                "{\"choices\":[]}{\"choices\":[]}|TRAILING_DATA",
                "upstream connect error|BAD_JSON",
                "''|EMPTY_BODY",
                "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}|PROVIDER_OVERLOADED",
            })
    void aPlainAnswerThatIsBrokenIsNeverHandedOver(String body, FaultCause cause) {
        assertThat(fault(Integrity.strict(), "application/json", body).cause()).isEqualTo(cause);
        assertThat(events.kinds()).contains("AttemptFailed", "CallFailed").doesNotContain("AttemptSucceeded");
    }

    @Test
    void anErrorInTheStreamIsTheProvidersOwn() {
        String error = "data: {\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}\n\n";
        Fault fault = fault(Integrity.strict(), "text/event-stream", FIRST + error);
        assertThat(fault.cause()).isEqualTo(FaultCause.RATE_LIMIT_REQUESTS);
    }

    @Test
    void whoeverObservesIsToldAndNotDisturbed() throws IOException {
        assertThat(read(Integrity.observe(), "text/event-stream", FIRST)).isEqualTo(FIRST);
        assertThat(events.only(LlmEvent.FindingDetected.class).severity()).isEqualTo(Rule.Severity.ERROR);
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().model()).isEqualTo("gpt-4o");
    }

    @Test
    void switchedOffNothingIsLookedAt() throws IOException {
        assertThat(read(Integrity.off(), "text/event-stream", FIRST)).isEqualTo(FIRST);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
        assertThat(events.only(LlmEvent.CallSucceeded.class).answer().model()).isEmpty();
    }

    @Test
    void aRuleCanBeMadeMilderOrStricter() throws IOException {
        Integrity milder = Integrity.strict().severity(Rule.STREAM_NO_TERMINATOR, Rule.Severity.WARNING);
        assertThat(read(milder, "text/event-stream", FIRST)).isEqualTo(FIRST);
        Integrity stricter = Integrity.strict().severity(Rule.ANSWER_FINISH_LENGTH, Rule.Severity.ERROR);
        String cut = event("{\"role\":\"assistant\",\"content\":\"Hel\"}", "\"length\"") + DONE;
        assertThat(read(Integrity.strict(), "text/event-stream", cut)).isEqualTo(cut);
        assertThat(fault(stricter, "text/event-stream", cut).cause()).isEqualTo(FaultCause.TOKEN_LIMIT_TOO_LOW);
    }

    @Test
    void anAnswerThatRunsInACircleCanBeBrokenOff() throws IOException {
        String again = event("{\"content\":\"again and \"}", "null");
        String loop = FIRST + again.repeat(1_000) + LAST + DONE;
        assertThat(read(Integrity.strict(), "text/event-stream", loop)).isEqualTo(loop);
        Integrity stricter = Integrity.strict().severity(Rule.TEXT_REPETITION, Rule.Severity.ERROR);
        assertThat(fault(stricter, "text/event-stream", loop).cause()).isEqualTo(FaultCause.REPETITION_LOOP);
    }

    @Test
    void whatIsLargerThanAllowedIsBrokenOff() {
        String large = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + "x".repeat(200_000) + "\"}}]}";
        Fault fault = fault(Integrity.strict().maxBodyBytes(100_000), "application/json", large);
        assertThat(fault.cause()).isEqualTo(FaultCause.OVERSIZED);
        Fault event =
                fault(Integrity.strict().maxEventBytes(10_000), "text/event-stream", "data: " + large + "\n\n" + DONE);
        assertThat(event.cause()).isEqualTo(FaultCause.OVERSIZED);
    }

    @Test
    void aSmallHeapKeepsLessBackAndLetsLongStreamsPass() throws IOException {
        Integrity small = Integrity.forHeap(1 << 20);
        String large = "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + "x".repeat(200_000) + "\"}}]}";
        Fault fault = fault(small, "application/json", large);
        assertThat(fault.cause()).isEqualTo(FaultCause.OVERSIZED);
        assertThat(fault.summary()).contains("more than 131072 bytes");
        assertThat(fault(small, "text/event-stream", "data: " + large + "\n\n" + DONE)
                        .cause())
                .isEqualTo(FaultCause.OVERSIZED);
        String stream = FIRST + FIRST.repeat(2_000) + LAST + DONE;
        assertThat(read(small, "text/event-stream", stream)).isEqualTo(stream);
        assertThat(read(small.maxBodyBytes(300_000), "application/json", large)).isEqualTo(large);
    }

    @Test
    void theCapsAreThoseOfTheHeapUpToWhatAnyAnswerNeeds() {
        assertThat(Integrity.forHeap(64 << 20))
                .hasToString(
                        "Integrity[STRICT, body 67108864, kept back 8388608, event 4194304, line 4194304, ratio 100]");
        assertThat(Integrity.forHeap(Long.MAX_VALUE))
                .hasToString(
                        "Integrity[STRICT, body 67108864, kept back 67108864, event 16777216, line 16777216, ratio 100]");
    }

    @Test
    void aStreamOfUnknownEventsIsNotKeptBackForEver() throws IOException {
        String unknown = "data: {\"id\":\"chatcmpl-1\",\"choices\":[],\"news\":\"" + "x".repeat(1_000) + "\"}\n\n";
        Buffer source = new Buffer().writeUtf8(unknown.repeat(80));
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(source)
                .build());
        try (LlmProxy proxy = LlmProxy.builder().listener(events).build();
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            assertThat(source.size()).isPositive();
            source.writeUtf8(LAST + DONE);
            assertThat(response.body().readUtf8()).endsWith(DONE);
        }
    }

    @Test
    void capsHaveToBeOfSomeSize() {
        assertThatThrownBy(() -> Integrity.strict().maxBodyBytes(10))
                .hasMessage("maxBodyBytes: 10 (expected: >= 1024)");
        assertThatThrownBy(() -> Integrity.strict().maxCompressionRatio(0))
                .hasMessage("maxCompressionRatio: 0 (expected: >= 1)");
    }
}
