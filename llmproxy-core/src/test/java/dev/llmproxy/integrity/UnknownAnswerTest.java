package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.Optional;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of formats that are not known: only what is wrong in any format is told. */
class UnknownAnswerTest {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String ANSWER = "{\"id\":\"a\",\"output\":[{\"text\":\"gr\\u00fc\\\\\\\"\"},null,[1.5]]}";
    private static final String STREAM = """
            : hello

            event: message
            id: 1
            data: {"answer":"Hi ["}

            event: ping

            data: {"answer":"}",
            data: "n":[1]}

            data: [DONE]

            """;

    private final RecordingListener events = new RecordingListener();

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private String read(Integrity integrity, int status, String body, long length, String... headers)
            throws IOException {
        return read("POST", integrity, status, body, length, headers);
    }

    private String read(String method, Integrity integrity, int status, String body, long length, String... headers)
            throws IOException {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(status)
                .headers(LlmHeaders.of(headers))
                .body(new Buffer().writeUtf8(body), length)
                .build());
        LlmRequest asked = LlmRequest.builder(method, LlmUrl.of("https://app.example/v1/chat-messages"))
                .build();
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(asked, CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    private String read(String type, String body) throws IOException {
        return read(Integrity.strict(), 200, body, -1, "Content-Type", type);
    }

    private Optional<Fault> cut(String type, String body) {
        return Optional.ofNullable(catchThrowable(() -> read(type, body)))
                .map(thrown -> ((LlmFaultException) thrown).fault());
    }

    private Fault fault(String type, String body) {
        return cut(type, body).orElseThrow();
    }

    private void assertWhole(String type, String body) throws IOException {
        events.clear();
        assertThat(read(type, body)).isEqualTo(body);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void jsonThatEndsInItsMiddleIsCutWhateverItSays() throws IOException {
        for (int end = 1; end < ANSWER.length(); end++) {
            assertThat(cut(JSON + "; charset=utf-8", ANSWER.substring(0, end)).map(Fault::cause))
                    .as("cut at %s", end)
                    .contains(FaultCause.TRUNCATED_SILENTLY);
        }
        assertWhole(JSON, ANSWER + "\n");
        assertWhole("application/problem+json", "\n " + ANSWER);
    }

    @Test
    void theFaultSaysWhereAndNothingOfWhat() {
        Fault fault = fault(JSON, "{\"secret\":\"sk-1234567890abcdefghij");
        assertThat(fault.summary()).isEqualTo("the answer ends in the middle of its JSON (TRUNCATED at byte 34)");
        assertThat(fault.toString()).doesNotContain("sk-1234567890").doesNotContain("secret");
        assertThat(fault.evidence().toString()).contains("json.truncated", "34 bytes", "of no known format");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[INFO] started",
                "{name} was here",
                "{'a': 1",
                "{\"a\":1}\n{\"a\":",
                "\"half a text",
                "12",
                "<html><body>",
                ")]}',\n{\"a\":",
                "{\"a\":NaN,",
                "// why\n{\"a\":",
            })
    void whatIsNoJsonOrNotOnlyOneIsNobodysBusiness(String body) throws IOException {
        assertWhole(JSON, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/octet-stream", "text/html"})
    void whatDoesNotSayThatItIsJsonIsNotTakenForIt(String type) throws IOException {
        assertWhole(type, "{\"a\":");
    }

    @Test
    void deepLongAndBinaryJsonPasses() throws IOException {
        assertWhole(JSON, "[".repeat(300));
        assertWhole(JSON, "{\"n\":" + "9".repeat(5_000));
        assertWhole(JSON, "{\u0000");
    }

    @Test
    void aPartThatWasAskedForIsNoCut() throws IOException {
        assertThat(read(Integrity.strict(), 206, "{\"a\":", -1, "Content-Type", JSON))
                .isEqualTo("{\"a\":");
    }

    @Test
    void whatTheApplicationDecodesItselfIsNotRead() throws IOException {
        String[] headers = {"Content-Type", JSON, "Content-Encoding", "br"};
        assertThat(read(Integrity.strict(), 200, "{\"", -1, headers)).isEqualTo("{\"");
    }

    @Test
    void anEventThatEndsInTheMiddleOfItsJsonIsCut() throws IOException {
        for (int end = 1; end < STREAM.length(); end++) {
            String cut = STREAM.substring(0, end);
            String event = cut.substring(cut.lastIndexOf("\n\n") + 2);
            int json = event.indexOf("data: {");
            boolean isWhole = event.endsWith("[\"}") || event.endsWith("[1]}");
            boolean isInside = json >= 0 && event.length() > json + 7 && !event.endsWith("\n") && !isWhole;
            assertThat(cut(EVENTS, cut).map(Fault::cause))
                    .as("cut behind %s", event)
                    .isEqualTo(isInside ? Optional.of(FaultCause.STREAM_UNTERMINATED) : Optional.empty());
        }
        assertWhole(EVENTS, STREAM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: code:\n\ndata: {\"",
                "data: {\"a\":1}\n\ndata: {\"a\":1}",
                "data: {\"a\":1}\n\ndata: {",
                "data: {\"a\":1}\n\ndata: [DO",
                "data: {\"a\":1}\n\nevent: {\"a\"",
                "data: {\"a\":1}\n\n{\"a\":",
                "data: {\n\n",
                "data: {\"a\": \"b\n",
            })
    void anEventThatMayBeMeantSoPasses(String body) throws IOException {
        assertWhole(EVENTS, body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-ndjson", "application/x-jsonl", "application/jsonl", "application/jsonlines"})
    void aLineThatEndsInTheMiddleOfItsJsonIsCut(String lines) throws IOException {
        assertThat(cut(lines, "{\"a\":1}\n{\"a\":\"b").map(Fault::cause)).contains(FaultCause.STREAM_UNTERMINATED);
        assertWhole(lines, "{\"a\":1}\n{\"a\":\"b\"}");
        assertWhole(lines, "{\"a\":1}\noops {\n{\"a\":");
        assertWhole(lines, "{\n  \"a\": [\n    1\n  ]\n}");
    }

    @Test
    void aBodyThatIsShorterThanItDeclaresIsCut() {
        Throwable thrown = catchThrowable(() -> read(Integrity.strict(), 200, "abc", 5, "Content-Type", "text/plain"));
        assertThat(((LlmFaultException) thrown).fault().cause()).isEqualTo(FaultCause.TRUNCATED_BODY);
    }

    @Test
    void anAnswerToHeadDeclaresWhatItDoesNotHave() throws IOException {
        assertThat(read("HEAD", Integrity.strict(), 200, "", 5, "Content-Type", JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OBSERVE,true", "OFF,false", "WARNING,true"})
    void settingsCountAsForKnownFormats(String setting, boolean told) throws IOException {
        Integrity integrity = switch (setting) {
            case "OBSERVE" -> Integrity.observe();
            case "OFF" -> Integrity.off();
            default -> Integrity.strict().severity(Rule.JSON_TRUNCATED, Rule.Severity.WARNING);
        };
        assertThat(read(integrity, 200, "{\"a\":", -1, "Content-Type", JSON)).isEqualTo("{\"a\":");
        assertThat(events.kinds().contains("FindingDetected")).isEqualTo(told);
        assertThat(events.only(LlmEvent.CallSucceeded.class).bytes()).isEqualTo(5);
    }
}
