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
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {
    private static final String TODO = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"TODO secret words\"},\"finish_reason\":\"stop\"}]}";
    private static final String STREAM = chunk("{\"content\":\"TO\"}", "null")
            + chunk("{\"content\":\"DO secret words\"}", "\"stop\"") + "data: [DONE]\n\n";
    private static final Check NO_TODO =
            answer -> answer.text().contains("TODO") ? Verdict.reject("unfinished text") : Verdict.accept();

    private final RecordingListener events = new RecordingListener();

    private static String chunk(String delta, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String calling(String name) {
        return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"t\","
                + "\"type\":\"function\",\"function\":{\"name\":\"" + name
                + "\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}";
    }

    @AfterEach
    void everyCallEndsOnce() {
        events.assertBalanced();
    }

    private String read(Integrity integrity, LlmRequest request, String body) throws IOException {
        String type = body.startsWith("data:") ? "text/event-stream" : "application/json";
        FakeTransport transport = FakeTransport.answering((sent, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", type))
                .body(new Buffer().writeUtf8(body))
                .build());
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            return response.body().readUtf8();
        }
    }

    private String read(Integrity integrity, String body) throws IOException {
        boolean streamed = body.startsWith("data:");
        return read(integrity, streamed ? FakeTransport.streamedChat() : FakeTransport.chat(), body);
    }

    private Fault fault(Integrity integrity, String body) {
        return catchThrowableOfType(LlmFaultException.class, () -> read(integrity, body))
                .fault();
    }

    @Test
    void aRejectedAnswerIsNeverHandedOver() {
        Fault fault = fault(Integrity.strict().check("speaks to the customer", NO_TODO), TODO);
        assertThat(fault.cause()).isEqualTo(FaultCause.REJECTED_BY_CHECK);
        assertThat(fault.summary()).isEqualTo("response rejected by \"speaks to the customer\": unfinished text");
        assertThat(fault.evidence("rule")).hasValue("answer.check");
        assertThat(fault.explain()).doesNotContain("secret words");
        assertThat(events.only(LlmEvent.FindingDetected.class).detail())
                .isEqualTo("\"speaks to the customer\": unfinished text");
    }

    @Test
    void anAcceptedAnswerPassesAsItCame() throws IOException {
        Integrity accepting = Integrity.strict().check("anything goes", answer -> Verdict.accept());
        assertThat(read(accepting, TODO)).isEqualTo(TODO);
        assertThat(read(accepting, STREAM)).isEqualTo(STREAM);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void oneWithEvidenceDoesTooHoweverStrictly() throws IOException {
        Integrity accepting = Integrity.strict()
                .severity(Rule.ANSWER_CHECK, Rule.Severity.ERROR)
                .check("counts", answer -> Verdict.accept().evidence("characters", "17"));
        assertThat(read(accepting, TODO)).isEqualTo(TODO);
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }

    @Test
    void aStreamIsRejectedAtItsTerminator() throws IOException {
        List<String> pieces = new ArrayList<>(List.of(STREAM.split("(?<=\n\n)", -1)));
        pieces.removeIf(String::isEmpty);
        FakeTransport transport = FakeTransport.answering((sent, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "text/event-stream"))
                .body(Okio.buffer(new PieceByPiece(pieces)))
                .build());
        Integrity integrity = Integrity.strict().check("no todo", NO_TODO);
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
            BufferedSource body = response.body();
            assertThat(body.readUtf8Line()).contains("TO");
            body.readUtf8Line();
            assertThat(body.readUtf8Line()).contains("DO secret words");
            body.readUtf8Line();
            assertThatThrownBy(body::readUtf8Line).isInstanceOf(LlmFaultException.class);
        }
    }

    @Test
    void whoeverObservesIsOnlyTold() throws IOException {
        assertThat(read(Integrity.observe().check("no todo", NO_TODO), TODO)).isEqualTo(TODO);
        assertThat(events.only(LlmEvent.FindingDetected.class).severity()).isEqualTo(Rule.Severity.ERROR);
    }

    @Test
    void aWarningIsOnlyTold() throws IOException {
        Integrity warning = Integrity.strict().check("short", answer -> Verdict.warn("very short"));
        assertThat(read(warning, STREAM)).isEqualTo(STREAM);
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.WARNING);
        assertThat(finding.detail()).isEqualTo("\"short\": very short");
    }

    @Test
    void aCheckThatThrowsIsToldAndAccepts() throws IOException {
        Integrity throwing = Integrity.strict()
                .check("clumsy", answer -> {
                    throw new IllegalStateException(answer.text());
                })
                .severity(Rule.ANSWER_CHECK, Rule.Severity.ERROR);
        assertThat(read(throwing, TODO)).isEqualTo(TODO);
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.WARNING);
        assertThat(finding.detail()).isEqualTo("\"clumsy\" failed");
    }

    @Test
    void aSettingMakesARejectionATellingOnly() throws IOException {
        Integrity lenient =
                Integrity.strict().check("no todo", NO_TODO).severity(Rule.ANSWER_CHECK, Rule.Severity.WARNING);
        assertThat(read(lenient, TODO)).isEqualTo(TODO);
        assertThat(events.only(LlmEvent.FindingDetected.class).severity()).isEqualTo(Rule.Severity.WARNING);
    }

    @Test
    void aCheckSeesWhatTheAnswerSaysOfItself() throws IOException {
        List<Object> seen = new ArrayList<>();
        Integrity looking = Integrity.strict().check("looks", answer -> {
            seen.addAll(
                    List.of(answer.text(), answer.isStreamed(), answer.finish().name(), answer.outputTokens()));
            seen.addAll(List.of(answer.id(), answer.model(), answer.finishReason(), answer.refusal()));
            seen.add(answer.request().method());
            return Verdict.accept();
        });
        read(looking, STREAM);
        assertThat(seen)
                .extracting(String::valueOf)
                .containsExactly(
                        "TODO secret words",
                        "true",
                        "STOP",
                        "-1",
                        "Optional[c]",
                        "Optional[gpt-4o]",
                        "Optional[stop]",
                        "Optional.empty",
                        "POST");
    }

    @Test
    void aBrokenAnswerIsNotChecked() {
        Integrity integrity = Integrity.strict().check("never asked", answer -> Verdict.reject("asked"));
        assertThat(fault(integrity, chunk("{\"content\":\"x\"}", "null")).cause())
                .isEqualTo(FaultCause.STREAM_UNTERMINATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "in_progress"})
    void aResponseThatIsYetToBeMadeIsNotChecked(String status) throws IOException {
        String body = "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"" + status
                + "\",\"background\":true,\"model\":\"m\",\"output\":[]}";
        LlmRequest asked = FakeTransport.chat("https://api.openai.com/v1/responses").toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"m\",\"background\":true,\"input\":\"hi\"}"),
                        "application/json"))
                .build();
        Integrity integrity = Integrity.strict().check("never asked", answer -> Verdict.reject("asked"));
        FakeTransport transport = FakeTransport.answering(FakeTransport.json(200, body));
        try (LlmProxy proxy =
                        LlmProxy.builder().integrity(integrity).listener(events).build();
                LlmResponse response = proxy.execute(asked, CallOptions.none(), transport)) {
            assertThat(response.body().readUtf8()).isEqualTo(body);
        }
    }

    @Test
    void namesAreRequiredAndUnique() {
        Integrity one = Integrity.strict().check("no todo", NO_TODO);
        assertThatThrownBy(() -> one.check("no todo", NO_TODO))
                .hasMessage("name: no todo (expected: a name that no other check has)");
        assertThatThrownBy(() -> one.check(" ", NO_TODO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.check("a\nb", NO_TODO))
                .hasMessage("name: a b (expected: one line of 1 to 80 characters)");
        assertThat(one).asString().endsWith(", checks [\"no todo\"]]");
    }

    private static LlmRequest offering(String tools) {
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"m\",\"tools\":[" + tools + "]}"), "application/json"))
                .build();
    }

    @Test
    void aCallOfAToolThatWasNotOfferedIsTold() throws IOException {
        LlmRequest request = offering("{\"type\":\"function\",\"function\":{\"name\":\"search\"}}");
        read(Integrity.strict(), request, calling("find"));
        LlmEvent.FindingDetected finding = events.only(LlmEvent.FindingDetected.class);
        assertThat(finding.rule()).isEqualTo(Rule.TOOL_UNKNOWN);
        assertThat(finding.severity()).isEqualTo(Rule.Severity.WARNING);
        assertThat(finding.detail()).isEqualTo("tool call 1 of 1 is of no tool of the request");
    }

    @Test
    void knownToolsAndThoseOfAnUnreadableRequestAreFine() throws IOException {
        read(Integrity.strict(), offering("{\"type\":\"function\",\"function\":{\"name\":\"find\"}}"), calling("find"));
        read(Integrity.strict(), offering("{\"type\":\"custom\",\"custom\":{\"name\":\"find\"}}"), calling("find"));
        read(Integrity.strict(), offering(""), calling("find"));
        read(Integrity.strict(), offering("{\"name\":\"a\"},".repeat(130) + "{\"name\":\"find\"}"), calling("find"));
        assertThat(events.kinds()).doesNotContain("FindingDetected");
    }
}
