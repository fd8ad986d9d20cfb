package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of healthy servers in forms that few of them use. */
class RareAnswersTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String WHOLE = delta("{'content':'Hi'}", "null") + delta("{}", "'stop'");

    private final List<String> found = new ArrayList<>();

    private static String delta(String delta, String finish) {
        return "data: {'id':'c','choices':[{'index':0,'delta':" + delta + ",'finish_reason':" + finish + "}]}\n\n";
    }

    private static String call(String name, String arguments) {
        return "{'tool_calls':[{'index':0,'id':'','function':{'name':'" + name + "','arguments':'" + arguments
                + "'}}]}";
    }

    private AnswerFacts read(String path, String answer) {
        LlmUrl url = LlmUrl.of("https://relay.example" + path);
        AnswerFormat format = Dialects.servedAt(url).orElseThrow().answersAt(url);
        AnswerScan scan = new AnswerScan(
                format,
                answer.startsWith("data:"),
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> found.add(severity + " " + rule));
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
        return scan.facts();
    }

    @Test
    void blanksBehindTheTerminatorsWordAreNoPartOfIt() {
        assertThat(read(CHAT, WHOLE + "data: [DONE] \n\n").isTerminated()).isTrue();
        assertThat(found).isEmpty();
    }

    @Test
    void whatIsNoJsonBehindTheTerminatorHarmsNobody() {
        var unused = read(CHAT, WHOLE + "data: [DONE]\n\ndata: {'x'\n\n");
        assertThat(found).containsExactly("WARNING stream.after-terminator");
    }

    @Test
    void anEmptyObjectIsNoCall() {
        AnswerFacts facts =
                read(CHAT, delta("{'function_call':{},'tool_calls':[{}]}", "null") + WHOLE + "data: [DONE]\n\n");
        assertThat(facts.toolCalls()).isZero();
        assertThat(found).isEmpty();
    }

    @Test
    void anEmptyObjectIsNoCallOfAPlainAnswerEither() {
        AnswerFacts facts = read(
                CHAT,
                "{'choices':[{'message':{'content':'Hi','function_call':{},'tool_calls':[{}]},'finish_reason':'stop'}]}");
        assertThat(facts.toolCalls()).isZero();
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions|{'choices':[{'message':{'tool_calls':[{'id':'c','function':{'arguments':'{}'}}]},'finish_reason':'tool_calls'}]}",
                "/v1/chat/completions|data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'c','function':{'name':'','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}\\n\\ndata: [DONE]\\n\\n",
                "/v1/responses|{'status':'completed','output':[{'type':'function_call','call_id':'c','arguments':'{}'}]}",
                "/v1/messages|{'type':'message','content':[{'type':'tool_use','id':'c','input':{}}],'stop_reason':'tool_use'}",
                "/api/chat|{'message':{'tool_calls':[{'function':{'arguments':{}}}]},'done':true,'done_reason':'stop'}",
                "/v2/chat|{'message':{'tool_calls':[{'id':'c','function':{'arguments':'{}'}}]},'finish_reason':'TOOL_CALL'}",
                "/model/m/converse|{'output':{'message':{'content':[{'toolUse':{'toolUseId':'c','input':{}}}]}},'stopReason':'tool_use'}",
            })
    void aCallWithoutANameIsTold(String path, String answer) {
        AnswerFacts facts = read(path, answer.replace("\\n", "\n"));
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(found).containsExactly("WARNING tool.unknown");
    }

    @Test
    void wholeCallsWithoutIdsMayAllBeNumberedZero() {
        String calls = delta(call("f", "{}"), "null") + delta(call("g", "{}"), "null");
        AnswerFacts facts = read(CHAT, calls + delta("{}", "'tool_calls'") + "data: [DONE]\n\n");
        assertThat(facts.toolCalls()).isEqualTo(2);
        assertThat(found).containsExactly("WARNING tool.missing-id", "WARNING stream.index");
    }

    @Test
    void aCutCallWithoutIdIsNotFollowedByAnother() {
        String calls = delta(call("f", "{"), "null") + delta(call("g", "{}"), "null");
        var unused = read(CHAT, calls + delta("{}", "'tool_calls'") + "data: [DONE]\n\n");
        assertThat(found).contains("ERROR tool.args-json");
    }

    @Test
    void anErrorOfCodeZeroIsNone() {
        String message = "'choices':[{'message':{'content':'Hi'},'finish_reason':'stop'}]";
        assertThat(read(CHAT, "{" + message + ",'error':{'code':0,'message':''}}")
                        .error())
                .isEmpty();
        assertThat(found).isEmpty();
    }

    @Test
    void aChatThatIsFetchedLaterHasNoChoices() {
        var unused = read(CHAT, "{'request_id':'r'}");
        assertThat(found).doesNotContain("ERROR shape.required");
    }

    @Test
    void aChatThatOnlyNamesItsRequestIsNotFetchedLater() {
        var unused = read(CHAT, "{'chhoices':[],'request_id':'r','id':'i','model':'m'}");
        assertThat(found).contains("ERROR shape.required");
    }

    @Test
    void aChatWithoutChoicesIsNoAnswer() {
        var unused = read(CHAT, "{'id':'c'}");
        assertThat(found).contains("ERROR shape.required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/async/chat/completions", "/completions", "/v1internal:streamGenerateContent"})
    void otherApisAreNotReadAsChats(String path) {
        assertThat(Dialects.servedAt(LlmUrl.of("https://example.com" + path))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':[{'index':0,'embedding':[[0.1,0.2],[0.3,0.4]]}]}",
                "{'data':[{'index':0,'embeddings':[[0.1,0.2]]}]}",
                "{'data':[{'index':0,'embedding':{'float':[0.1],'int8':[1]}}]}",
                "[{'index':0,'embedding':[[0.1,0.2]]}]",
            })
    void embeddingsOfOtherFormsAreNotMeasured(String answer) {
        var unused = read(EMBEDDINGS, answer);
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'data':[{'index':0,'embedding':[{}]}]}", "{'data':[{'index':0}]}"})
    void embeddingsWithoutVectorsAreTold(String answer) {
        var unused = read(EMBEDDINGS, answer);
        assertThat(found).containsExactly("ERROR shape.embedding");
    }

    @Test
    void embeddingsAreNeverStreamed() {
        assertThat(new OpenAiEmbeddings().isStreamed(LlmUrl.of("https://example.com" + EMBEDDINGS), true))
                .isFalse();
    }

    @Test
    void geminiMayBeginWithNothingButAnId() {
        String id = "'responseId':'r','modelVersion':'m'";
        String last = "{'candidates':[{'content':{'parts':[{'text':'Hi'}]},'finishReason':'STOP'}]," + id + "}";
        String path = "/v1beta/models/m:streamGenerateContent";
        var unused = read(path, "data: {" + id + "}\r\n\r\ndata: " + last + "\r\n\r\n");
        assertThat(found).isEmpty();
    }

    @Test
    void anEmptyErrorOfOllamasIsNone() {
        var unused = read("/api/chat", "{'message':{'content':'Hi'},'done':true,'error':''}");
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'message':'invalid api token'}", "{'id':'i','message':'invalid'}"})
    void aMessageInPlaceOfVectorsIsAnError(String answer) {
        assertThat(read("/v2/embed", answer).error()).isPresent();
        assertThat(found).containsExactly("ERROR shape.error-in-200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1beta/models/m:embedContent", "/api/embed", "/v2/embed"})
    void whatIsNotGeneratedHasNoFinishReason(String path) {
        var unused = read(path, "{'embeddings':[[0.1]]}");
        assertThat(found).isEmpty();
    }
}
