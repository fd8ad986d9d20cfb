package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was made ready while an answer was waited for reads it as if it had been made when it came, whatever came. */
class PreparedAnswerTest {
    private static final String CHAT =
            "{'id':'c','choices':[{'index':0,'message':{'content':'Hi'},'finish_reason':'stop'}],"
                    + "'usage':{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3}}";
    private static final String CHUNK =
            "{'id':'c','choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}]}";
    private static final String MESSAGE = "{'id':'msg_1','type':'message','role':'assistant','content':[{'type':'text',"
            + "'text':'Hi'}],'stop_reason':'end_turn','usage':{'input_tokens':1,'output_tokens':2}}";
    private static final String OLLAMA = "{'model':'m','created_at':'x','message':{'role':'assistant','content':'Hi'},"
            + "'done':true,'done_reason':'stop'}";
    private static final String GEMINI =
            "{'candidates':[{'content':{'parts':[{'text':'Hi'}]},'finishReason':'STOP'}],'responseId':'r'}";
    private static final List<String> ANSWERS = List.of(
            "",
            CHAT,
            CHAT.replace("{'id'", "{'object':'chat.completion','id'"),
            CHAT.substring(0, CHAT.length() - 3),
            "data: " + CHUNK + "\n\ndata: [DONE]\n\n",
            "data: " + CHUNK + "\n\n",
            "data: " + CHUNK.replace("{'id'", "{'object':'chat.completion.chunk','id'") + "\n\ndata: [DONE]\n\n",
            MESSAGE,
            "event: message_start\ndata: {'type':'message_start','message':{'id':'msg_1','usage':{}}}\n\n",
            OLLAMA,
            OLLAMA + "\n",
            GEMINI,
            "data: " + GEMINI + "\n\n",
            "[" + GEMINI + "]",
            "{'data':[{'index':0,'embedding':[0.1]}]}",
            "{'error':{'message':'no','type':'server_error'}}",
            "data: {'error':{'message':'no','type':'server_error'}}\n\n",
            "<html>busy</html>",
            "busy",
            "\u0000\u0000\u0000\u0010\u0000\u0000\u0000\u0000");

    private static List<String> told(String url, boolean streamAsked, String answer, boolean prepared, int piece) {
        List<String> told = new ArrayList<>();
        LlmUrl at = LlmUrl.of(url);
        AnswerScan scan = new AnswerScan(
                Dialects.servedAt(at).orElseThrow().answersAt(at),
                streamAsked,
                1 << 20,
                1 << 20,
                (rule, severity, detail) -> told.add(severity + " " + rule + " " + detail));
        scan.collectAll();
        if (prepared) {
            scan.prepare();
        }
        scan.answered(LlmHeaders.of("x-amzn-bedrock-input-token-count", "7"));
        byte[] bytes = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            scan.feed(bytes, from, Math.min(bytes.length, from + piece));
        }
        scan.end();
        told.add(
                FactsText.of(scan.facts()) + scan.isStreamed() + scan.isComplete() + scan.hasSubstance() + scan.text());
        return told;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.openai.com/v1/chat/completions",
                "https://api.openai.com/v1/responses",
                "https://api.openai.com/v1/embeddings",
                "https://api.anthropic.com/v1/messages",
                "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
                "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent",
                "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse",
                "http://localhost:11434/api/chat",
                "https://api.cohere.com/v2/chat",
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
            })
    void whatIsReadyReadsTheSame(String url) {
        for (String answer : ANSWERS) {
            for (boolean streamAsked : new boolean[] {true, false}) {
                for (int piece : new int[] {1, 7, 10_000}) {
                    assertThat(told(url, streamAsked, answer, true, piece))
                            .as("%s, stream %s, pieces of %s", answer, streamAsked, piece)
                            .isEqualTo(told(url, streamAsked, answer, false, piece));
                }
            }
        }
    }
}
