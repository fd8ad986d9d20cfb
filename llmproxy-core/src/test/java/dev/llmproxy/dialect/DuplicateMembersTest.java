package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readers differ in which of two members they take: an error where that decides what a tool is called with. */
class DuplicateMembersTest {
    private static final String CHAT = "/v1/chat/completions";

    private final List<String> found = new ArrayList<>();

    private void read(String path, String answer) {
        LlmUrl url = LlmUrl.of("https://relay.example" + path);
        AnswerScan scan = new AnswerScan(
                Dialects.servedAt(url).orElseThrow().answersAt(url),
                answer.startsWith("data:"),
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> {
                    if (rule == Rule.JSON_DUP_KEY) {
                        found.add(severity + " " + detail);
                    }
                });
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        scan.feed(bytes, 0, bytes.length);
        scan.end();
    }

    private static String choices(String delta) {
        return "'choices':[{'index':0,'delta':" + delta + "}]";
    }

    private static String arguments(String piece) {
        return choices("{'tool_calls':[{'index':0,'id':'c','function':{'name':'f','arguments':'" + piece + "'}}]}");
    }

    @Test
    void twoChunksThatHaveRunIntoOneCallAToolWithSomethingElse() {
        read(CHAT, "data: {'id':'i'," + arguments("{}") + ",'id':'i'," + arguments(" ") + "}\n\ndata: [DONE]\n\n");
        assertThat(found).containsExactly("ERROR two tool calls or arguments to choose from in event 1");
    }

    @Test
    void twoChunksOfTextThatHaveRunIntoOneAreOnlyTold() {
        String text = choices("{'content':'a'}");
        read(CHAT, "data: {" + text + "," + text + "}\n\ndata: {" + arguments("{}") + "}\n\ndata: [DONE]\n\n");
        assertThat(found).containsExactly("WARNING in event 1");
    }

    @Test
    void anIdThatComesTwiceBesideACallIsOnlyTold() {
        read(CHAT, "data: {'id':'i','id':'i'," + arguments("{}") + "}\n\ndata: [DONE]\n\n");
        assertThat(found).containsExactly("WARNING in event 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions|{'choices':[{'message':{'tool_calls':[{'id':'c','function':{'name':'f','arguments':'{}'},'function':{}}]}}]}",
                "/v1/chat/completions|{'choices':[{'message':{'tool_calls':[],'tool_calls':[{'id':'c','function':{'name':'f'}}]}}]}",
                "/v1/chat/completions|{'choices':[{'message':{'function_call':{'name':'f','name':'g','arguments':'{}'}}}]}",
                "/v1/responses|{'output':[],'output':[{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}]}",
                "/v1/responses|{'output':[{'type':'function_call','call_id':'c','name':'f','name':'g','arguments':'{}'}]}",
                "/v1/messages|{'type':'message','content':[{'type':'tool_use','id':'c','name':'f','input':{},'input':{}}]}",
                "/v1beta/models/m:generateContent|{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f','args':{},'args':{}}}]}}]}",
                "/api/chat|{'message':{'tool_calls':[{'function':{'name':'f','arguments':{}}}],'tool_calls':[]},'done':true}",
                "/v2/chat|{'message':{'tool_calls':[{'id':'c','function':{'name':'f','arguments':'{}','arguments':''}}]}}",
                "/model/m/converse|{'output':{'message':{'content':[{'toolUse':{'toolUseId':'c','name':'f','input':{},'input':{}}}]}}}",
                "/model/m/invoke|{'content':[{'type':'tool_use','id':'c','name':'f','name':'g','input':{}}]}",
            })
    void inEachFormatItIsAnError(String path, String answer) {
        read(path, answer);
        assertThat(found).containsExactly("ERROR two tool calls or arguments to choose from in event 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/messages|{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'c','name':'f','name':'g','input':{}}}",
                "/v2/chat|{'type':'tool-call-start','index':0,'delta':{'message':{'tool_calls':{'id':'c','function':{'name':'f','arguments':'','arguments':''}}}}}",
            })
    void inEachStreamItIsAnError(String path, String event) {
        read(path, "data: " + event + "\n\n");
        assertThat(found).containsExactly("ERROR two tool calls or arguments to choose from in event 1");
    }
}
