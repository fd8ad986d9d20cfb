package dev.llmproxy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaCheckTest {
    static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"degrees\":{\"type\":\"integer\"}},\"required\":[\"city\",\"degrees\"],\"additionalProperties\":false}";
    private static final String GOOD = "{\\\"city\\\":\\\"Rome\\\",\\\"degrees\\\":31}";
    private static final String BAD = "{\\\"city\\\":\\\"Rome\\\",\\\"degrees\\\":\\\"secret\\\"}";

    private final List<LlmEvent.FindingDetected> found = new ArrayList<>();

    /** How a provider is asked for structured output, and answers. */
    enum Provider {
        OPENAI_CHAT(
                "/v1/chat/completions",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"w\",\"strict\":true,\"schema\":%s}}"),
        OPENAI_RESPONSES(
                "/v1/responses",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"w\",\"strict\":true,\"schema\":%s}}"),
        ANTHROPIC("/v1/messages", "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":%s}}"),
        GEMINI(
                "/v1beta/models/gemini-2.5-flash:generateContent",
                "\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":%s}"),
        OLLAMA("/api/chat", "\"format\":%s"),
        COHERE("/v2/chat", "\"response_format\":{\"type\":\"json_object\",\"json_schema\":%s}");

        private final String path;
        private final String demand;

        Provider(String path, String demand) {
            this.path = path;
            this.demand = demand;
        }

        String path(boolean streamed) {
            return this == GEMINI && streamed ? path.replace(":generate", ":streamGenerate") + "?alt=sse" : path;
        }

        Reply reply(String text, boolean streamed) {
            int half = text.indexOf(',');
            String head = text.substring(0, half);
            String tail = text.substring(half);
            return switch (this) {
                case OPENAI_CHAT ->
                    streamed
                            ? Reply.sse(
                                    Wire.chunk("\"content\":\"" + head + "\"", "null"),
                                    Wire.chunk("\"content\":\"" + tail + "\"", "\"stop\""),
                                    "[DONE]")
                            : Reply.json(200, Wire.chat(text, "stop"));
                case OPENAI_RESPONSES ->
                    streamed ? Wire.responseStream(head, tail) : Reply.json(200, Wire.response(text));
                case ANTHROPIC -> streamed ? Wire.messageStream(head, tail) : Reply.json(200, Wire.message(text));
                case GEMINI ->
                    streamed
                            ? Reply.sse(Wire.candidate(head, ""), Wire.candidate(tail, "STOP"))
                            : Reply.json(200, Wire.candidate(text, "STOP"));
                case OLLAMA ->
                    streamed
                            ? Reply.ndjson(Wire.ollama(head, false), Wire.ollama(tail, true))
                            : Reply.json(200, Wire.ollama(text, true));
                case COHERE -> streamed ? Wire.cohereStream(head, tail) : Reply.json(200, Wire.cohere(text));
            };
        }
    }

    private String ask(String path, String demand, boolean streamed, Reply reply) throws IOException {
        Integrity integrity = Integrity.strict()
                .check("structured output", JsonSchemaCheck.ofText())
                .check("tool arguments", JsonSchemaCheck.ofToolArguments());
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .integrity(integrity)
                        .on(LlmEvent.FindingDetected.class, found::add)
                        .build()) {
            provider.enqueue(reply);
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            String body = "{\"model\":\"m\",\"stream\":" + streamed + "," + demand + "}";
            Request request = new Request.Builder()
                    .url(provider.url(path))
                    .post(RequestBody.create(body, MediaType.get("application/json")))
                    .build();
            try (Response response = client.newCall(request).execute()) {
                return response.body().string();
            } finally {
                client.connectionPool().evictAll();
            }
        }
    }

    private String ask(Provider provider, String text, boolean streamed) throws IOException {
        return ask(
                provider.path(streamed), provider.demand.formatted(SCHEMA), streamed, provider.reply(text, streamed));
    }

    private Fault fault(Provider provider, String text, boolean streamed) {
        return LlmFaultException.faultOf(catchThrowableOfType(IOException.class, () -> ask(provider, text, streamed)))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void answersThatHoldToTheSchemaPass(Provider provider) throws IOException {
        assertThat(ask(provider, GOOD, false)).contains("Rome");
        assertThat(ask(provider, GOOD, true)).contains("Rome");
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void answersThatBreakTheSchemaFail(Provider provider) {
        for (boolean streamed : new boolean[] {false, true}) {
            Fault fault = fault(provider, BAD, streamed);
            assertThat(fault.cause()).isEqualTo(FaultCause.SCHEMA_VIOLATION);
            assertThat(fault.evidence("pointer")).hasValue("/degrees");
            assertThat(fault.evidence("keyword")).hasValue("type");
            assertThat(fault.evidence("rule")).hasValue("schema.response-format");
            assertThat(fault.explain()).doesNotContain("secret").doesNotContain("Rome");
        }
    }

    @ParameterizedTest
    @EnumSource
    void textThatIsNoJsonFails(Provider provider) {
        Fault fault = fault(provider, "Well, it is hot", false);
        assertThat(fault.summary())
                .isEqualTo("the answer breaks the schema that the request demanded (the whole breaks JSON)");
    }

    private static final String CHAT = "/v1/chat/completions";

    private String chat(String demand, String text, String finish) throws IOException {
        return ask(CHAT, demand, false, Reply.json(200, Wire.chat(text, finish)));
    }

    @Test
    void namesThatOnlyTheAnswerHasAreNotTold() {
        Fault fault =
                fault(Provider.OPENAI_CHAT, "{\\\"city\\\":\\\"Rome\\\",\\\"degrees\\\":1,\\\"secret\\\":1}", false);
        assertThat(fault.evidence("pointer")).hasValue("/*");
        assertThat(fault.explain()).doesNotContain("secret");
    }

    @Test
    void withoutStrictModeAViolationIsAWarning() throws IOException {
        String loose = Provider.OPENAI_CHAT.demand.formatted(SCHEMA).replace("true", "false");
        assertThat(chat(loose, BAD, "stop")).contains("Rome");
        assertThat(found).hasSize(1).allMatch(each -> each.severity() == Rule.Severity.WARNING);
        assertThat(found.get(0).detail()).isEqualTo("/degrees breaks type");
    }

    @Test
    void anAnswerThatItsLimitHasCutIsOnlyReportedAsThat() throws IOException {
        assertThat(chat(Provider.OPENAI_CHAT.demand.formatted(SCHEMA), "{\\\"city\\\":", "length"))
                .contains("city");
        assertThat(found).extracting(LlmEvent.FindingDetected::rule).containsExactly(Rule.ANSWER_FINISH_LENGTH);
    }

    @Test
    void refusalsAndToolCallsAreNoViolations() throws IOException {
        String demand = Provider.OPENAI_CHAT.demand.formatted(SCHEMA);
        ask(CHAT, demand, false, Reply.json(200, Wire.refusal()));
        ask(CHAT, demand, false, Reply.json(200, Wire.calling("find", "{}")));
        assertThat(found).isEmpty();
    }

    @Test
    void aJsonObjectIsOne() throws IOException {
        String demand = "\"response_format\":{\"type\":\"json_object\"}";
        assertThat(chat(demand, "{}", "stop")).contains("{}");
        assertThat(catchThrowableOfType(LlmFaultException.class, () -> chat(demand, "[1]", "stop"))
                        .fault()
                        .evidence("keyword"))
                .hasValue("JSON object");
    }

    @Test
    void geminisOwnSchemasAreUnderstood() throws IOException {
        String demand =
                "\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\","
                        + "\"properties\":{\"a\":{\"type\":\"STRING\",\"nullable\":true},\"b\":{\"type\":\"ARRAY\",\"minItems\":\"1\","
                        + "\"items\":{\"type\":\"INTEGER\"}}},\"propertyOrdering\":[\"a\",\"b\"]}}";
        String path = Provider.GEMINI.path;
        ask(path, demand, false, Reply.json(200, Wire.candidate("{\\\"a\\\":null,\\\"b\\\":[1]}", "STOP")));
        assertThat(catchThrowableOfType(
                                LlmFaultException.class,
                                () -> ask(
                                        path,
                                        demand,
                                        false,
                                        Reply.json(200, Wire.candidate("{\\\"a\\\":\\\"x\\\",\\\"b\\\":[]}", "STOP"))))
                        .fault()
                        .evidence("keyword"))
                .hasValue("minItems");
    }

    @Test
    void geminisSettingsAreKnownByTheirOtherNameToo() {
        String demand = "\"generation_config\":{\"response_mime_type\":\"application/json\",\"response_schema\":"
                + "{\"type\":\"OBJECT\",\"properties\":{\"a\":{\"type\":\"STRING\"}}}}";
        Reply reply = Reply.json(200, Wire.candidate("{\\\"a\\\":1}", "STOP"));
        assertThat(faultOf(Provider.GEMINI.path, demand, reply).evidence("pointer"))
                .hasValue("/a");
    }

    private Fault faultOf(String path, String demand, Reply reply) {
        return LlmFaultException.faultOf(catchThrowableOfType(IOException.class, () -> ask(path, demand, false, reply)))
                .orElseThrow();
    }

    @Test
    void bedrocksDemandsAreUnderstood() {
        String text = SCHEMA.replace("\"", "\\\"");
        String converse = "\"outputConfig\":{\"textFormat\":{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":"
                + "{\"name\":\"w\",\"schema\":\"" + text + "\"}}}}";
        Reply said = Reply.json(
                200,
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"" + BAD
                        + "\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":1,\"outputTokens\":1,\"totalTokens\":2}}");
        assertThat(faultOf("/model/m/converse", converse, said).evidence("pointer"))
                .hasValue("/degrees");
        String claude = Provider.ANTHROPIC.demand.formatted(SCHEMA);
        assertThat(faultOf("/model/anthropic.claude-x/invoke", claude, Reply.json(200, Wire.message(BAD)))
                        .evidence("pointer"))
                .hasValue("/degrees");
        String open = Provider.OPENAI_CHAT.demand.formatted(SCHEMA);
        assertThat(faultOf("/model/qwen.qwen3/invoke", open, Reply.json(200, Wire.chat(BAD, "stop")))
                        .evidence("pointer"))
                .hasValue("/degrees");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause_turn", "stop_sequence", "compaction"})
    void aMessageThatIsToGoOnIsNoViolation(String stopReason) throws IOException {
        Reply reply = Reply.json(200, Wire.message("{\\\"city\\\":").replace("end_turn", stopReason));
        ask(Provider.ANTHROPIC.path, Provider.ANTHROPIC.demand.formatted(SCHEMA), false, reply);
        assertThat(found).noneMatch(each -> each.rule() == Rule.SCHEMA_RESPONSE_FORMAT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "in_progress", "cancelled"})
    void aResponseThatIsNotMadeYetIsNoViolation(String status) throws IOException {
        String response = "{\"id\":\"resp\",\"object\":\"response\",\"status\":\"" + status
                + "\",\"background\":true,\"model\":\"m\",\"output\":[]}";
        String demand = "\"background\":true," + Provider.OPENAI_RESPONSES.demand.formatted(SCHEMA);
        ask(Provider.OPENAI_RESPONSES.path, demand, false, Reply.json(200, response));
        assertThat(found).noneMatch(each -> each.rule() == Rule.SCHEMA_RESPONSE_FORMAT);
    }

    @Test
    void theRequestIsReadOnceForAllToolCallsOfAnAnswer() throws IOException {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\",\"parameters\":" + SCHEMA
                + "}}],\"x\":\"" + "x".repeat(1 << 20) + "\"";
        String call = "{\"id\":\"c%d\",\"type\":\"function\",\"function\":{\"name\":\"find\",\"arguments\":\"" + GOOD
                + "\"}}";
        String calls = IntStream.range(0, 1_000).mapToObj(call::formatted).collect(Collectors.joining(","));
        String answer = Wire.calling("find", GOOD)
                .replaceFirst("\\[\\{\"id\":\"call_1\".*?\\}\\}\\]", Matcher.quoteReplacement("[" + calls + "]"));
        long before = allocated();
        ask(CHAT, tools, false, Reply.json(200, answer));
        assertThat(found).isEmpty();
        assertThat(allocated() - before).isLessThan(256L << 20);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void aSchemaThatCannotBeUsedFailsNothing() throws IOException {
        String remote = "{\"$ref\":\"http://127.0.0.1:1/schema\"}";
        assertThat(chat(Provider.OPENAI_CHAT.demand.formatted(remote), GOOD, "stop"))
                .contains("Rome");
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(each.severity()).isEqualTo(Rule.Severity.INFO))
                .satisfies(each ->
                        assertThat(each.detail()).isEqualTo("not checked, the schema: a reference to another place"));
    }

    @Test
    void toolArgumentsThatBreakTheToolsSchemaAreWarnedOf() throws IOException {
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\",\"parameters\":" + SCHEMA + "}}]";
        ask(CHAT, tools, false, Reply.json(200, Wire.calling("find", GOOD)));
        assertThat(found).isEmpty();
        ask(CHAT, tools, false, Reply.json(200, Wire.calling("find", "{\\\"city\\\":1}")));
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.rule()).isEqualTo(Rule.TOOL_SCHEMA);
            assertThat(each.severity()).isEqualTo(Rule.Severity.WARNING);
        });
    }
}
