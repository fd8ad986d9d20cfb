package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.AnswerFacts.InBandError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OpenAiAnswersTest {
    private static final String CALLS =
            "\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";

    private static String chat(String message, String finish) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"message\":{"
                + message + "},\"logprobs\":null,\"finish_reason\":\"" + finish
                + "\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
    }

    private static Judged ofChat(String message, String finish) {
        return Judged.document(ChoicesAnswer::ofChat, chat(message, finish));
    }

    private static Judged embeddings(String data) {
        return Judged.document(
                OpenAiEmbeddingsAnswer::new,
                "{\"object\":\"list\",\"data\":[" + data
                        + "],\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");
    }

    private static String vector(int index, String embedding) {
        return "{\"object\":\"embedding\",\"index\":" + index + ",\"embedding\":" + embedding + "}";
    }

    private static Judged response(String status, String details, String output) {
        return Judged.document(
                ResponsesAnswer::new,
                "{\"id\":\"r1\",\"object\":\"response\",\"status\":\"" + status + "\"," + details
                        + "\"model\":\"gpt-x\",\"output\":[" + output
                        + "],\"usage\":{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}}");
    }

    @Test
    void readsAChat() {
        Judged judged = ofChat("\"content\":\"abc\"", "stop");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().id()).contains("c1");
        assertThat(judged.facts().finishReason()).contains("stop");
        assertThat(judged.facts().textCharacters()).isEqualTo(3);
        assertThat(judged.facts().totalTokens()).isEqualTo(5);
        assertThat(judged.isComplete()).isTrue();
    }

    @Test
    void readsToolCalls() {
        assertThat(ofChat(CALLS, "tool_calls").found()).isEmpty();
        assertThat(ofChat(CALLS, "tool_calls").facts().toolCalls()).isEqualTo(1);
        assertThat(ofChat(CALLS.replace("{}", "{"), "tool_calls").errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(ofChat(CALLS.replace("{}", "{"), "length").errors()).containsExactly(Rule.TOOL_ARGS_TRUNCATED);
        assertThat(ofChat(CALLS.replace("\"id\":\"a\",", ""), "tool_calls").rules())
                .containsExactly(Rule.TOOL_MISSING_ID);
        String function = "\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"[]\"}";
        assertThat(ofChat(function, "function_call").errors()).containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void kindsOfEndsAreTold() {
        assertThat(ofChat("\"content\":\"\"", "stop").rules()).containsExactly(Rule.ANSWER_EMPTY);
        assertThat(ofChat("\"content\":null", "content_filter").rules()).containsExactly(Rule.ANSWER_BLOCKED);
        assertThat(ofChat("\"content\":\"a\"", "length").rules()).containsExactly(Rule.ANSWER_FINISH_LENGTH);
        assertThat(ofChat("\"content\":\"\",\"reasoning\":\"hm\"", "length").rules())
                .containsExactly(Rule.ANSWER_REASONING_ONLY);
        assertThat(ofChat("\"content\":null,\"refusal\":\"no\"", "stop").found())
                .isEmpty();
        assertThat(ofChat("\"content\":null,\"audio\":{\"data\":\"AA\"}", "stop")
                        .found())
                .isEmpty();
        assertThat(ofChat("\"content\":\"a\"", "").rules()).containsExactly(Rule.ANSWER_FINISH_MISSING);
    }

    @Test
    void whatIsNoAnswerIsFound() {
        assertThat(Judged.document(ChoicesAnswer::ofChat, "{\"choices\":[]}").errors())
                .containsExactly(Rule.SHAPE_EMPTY_CHOICES);
        assertThat(Judged.document(ChoicesAnswer::ofChat, "{\"id\":\"c1\"}").errors())
                .containsExactly(Rule.SHAPE_REQUIRED);
        assertThat(Judged.document(ChoicesAnswer::ofChat, "\"x\"").errors()).containsExactly(Rule.SHAPE_REQUIRED);
        assertThat(Judged.document(ResponsesAnswer::new, "{}").errors()).containsExactly(Rule.SHAPE_REQUIRED);
        assertThat(Judged.document(OpenAiEmbeddingsAnswer::new, "{}").errors()).containsExactly(Rule.SHAPE_REQUIRED);
    }

    @Test
    void errorsInASuccessAreFound() {
        for (String error : new String[] {
            "{\"error\":{\"message\":\"busy\",\"type\":\"t\",\"code\":\"c\"}}",
            "{\"error\":\"busy\"}",
            "{\"object\":\"error\",\"message\":\"busy\",\"code\":400}",
            "{\"detail\":\"busy\"}",
            "{\"success\":false}"
        }) {
            for (Judged.Kind kind : new Judged.Kind[] {
                ChoicesAnswer::ofChat, ChoicesAnswer::ofCompletions, ResponsesAnswer::new, OpenAiEmbeddingsAnswer::new
            }) {
                assertThat(Judged.document(kind, error).errors()).as(error).containsExactly(Rule.SHAPE_ERROR_IN_200);
            }
        }
        String beside = chat("\"content\":\"\"", "error")
                .replace("\"index\"", "\"error\":{\"code\":502,\"message\":\"busy\"},\"index\"");
        assertThat(Judged.document(ChoicesAnswer::ofChat, beside).facts().error())
                .contains(new InBandError("", "502", "busy"));
    }

    @Test
    void cutAnswersAreNeverWhole() {
        byte[] whole = chat(CALLS, "tool_calls").getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < whole.length; cut++) {
            Judged judged = Judged.document(ChoicesAnswer::ofChat, Arrays.copyOf(whole, cut));
            assertThat(judged.isComplete()).as("cut at %d", cut).isFalse();
            assertThat(judged.errors()).hasSize(1);
            Judged split = Judged.document(
                    ChoicesAnswer::ofChat, Arrays.copyOf(whole, cut), Arrays.copyOfRange(whole, cut, whole.length));
            assertThat(split.found()).as("split at %d", cut).isEmpty();
        }
    }

    @Test
    void readsACompletion() {
        Judged judged = Judged.document(
                ChoicesAnswer::ofCompletions,
                "{\"id\":\"cmpl-1\",\"choices\":[{\"text\":\"ab\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]}");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().textCharacters()).isEqualTo(2);
    }

    @Test
    void otherChoicesAreJudgedToo() {
        String two = chat("\"content\":\"a\"", "stop").replace("}],\"usage\"", "},{\"index\":1}],\"usage\"");
        assertThat(Judged.document(ChoicesAnswer::ofChat, two).rules())
                .containsExactly(Rule.SHAPE_REQUIRED, Rule.ANSWER_FINISH_MISSING);
    }

    @Test
    void readsAResponse() {
        String items =
                "{\"type\":\"reasoning\",\"summary\":[]},{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"abc\"}]}";
        Judged judged = response("completed", "\"error\":null,\"incomplete_details\":null,", items);
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().textCharacters()).isEqualTo(3);
        assertThat(judged.facts().isReasoningSeen()).isTrue();
        assertThat(judged.facts().finish()).isEqualTo(Finish.STOP);
    }

    @Test
    void statusOfAResponseIsItsFinish() {
        assertThat(response("queued", "", "").rules()).containsExactly(Rule.ANSWER_FINISH_VOCAB);
        assertThat(response("completed", "", "").rules()).containsExactly(Rule.ANSWER_EMPTY);
        assertThat(response("completed", "", "{\"type\":\"image_generation_call\"}")
                        .found())
                .isEmpty();
        assertThat(response("incomplete", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},", "")
                        .rules())
                .containsExactly(Rule.ANSWER_FINISH_LENGTH);
        assertThat(response("failed", "\"error\":{\"code\":\"server_error\",\"message\":\"busy\"},", "")
                        .errors())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(response("completed", "", "{\"type\":\"function_call\",\"arguments\":\"{\"}")
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void vectorsAreWholeEqualAndNumbered() {
        String good = vector(0, "[0.5,-1]");
        assertThat(embeddings(good + "," + vector(1, "[1e-3,2]")).found()).isEmpty();
        assertThat(embeddings(vector(1, "[1,2]") + "," + good).found()).isEmpty();
        for (String bad : new String[] {
            vector(0, "[1,2]"),
            vector(2, "[1,2]"),
            vector(1, "[1]"),
            vector(1, "[]"),
            vector(1, "[0,0]"),
            vector(1, "[1,null]"),
            vector(1, "[\"NaN\",1]"),
            vector(-1, "[1,2]")
        }) {
            assertThat(embeddings(good + "," + bad).errors()).as(bad).containsExactly(Rule.SHAPE_EMBEDDING);
        }
        assertThat(embeddings("").errors()).containsExactly(Rule.SHAPE_EMBEDDING);
    }

    @Test
    void vectorsMayBeBase64() {
        assertThat(embeddings(vector(0, "\"AACAPwAAAEA=\"")).found()).isEmpty();
        for (String bad :
                new String[] {"\"AAAAAAAAAAA=\"", "\"AACAPw\\u0000AAEA=\"", "\"AACAP\"", "\"AA=C\"", "\"\""}) {
            assertThat(embeddings(vector(0, bad)).errors()).as(bad).containsExactly(Rule.SHAPE_EMBEDDING);
        }
        assertThat(embeddings(vector(0, "\"AACAPw==\"") + "," + vector(1, "\"AACAPwAAAEA=\""))
                        .errors())
                .containsExactly(Rule.SHAPE_EMBEDDING);
    }
}
