package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AnthropicAnswerTest {
    private static final String ANSWER =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
                    + "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"x\"},{\"type\":\"text\",\"text\":\"Hi!\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{\"a\":1}}],"
                    + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";

    private static Judged judged(String text) {
        return Judged.document(AnthropicAnswer::new, text);
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = judged(ANSWER).facts();
        assertThat(judged(ANSWER).found()).isEmpty();
        assertThat(facts.id()).contains("msg_1");
        assertThat(facts.finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(facts.textCharacters()).isEqualTo(3);
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.isReasoningSeen()).isTrue();
        assertThat(facts.totalTokens()).isEqualTo(7);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        byte[] all = ANSWER.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= all.length; cut++) {
            assertThat(Judged.document(AnthropicAnswer::new, Arrays.copyOf(all, cut))
                            .isComplete())
                    .as("cut at %d", cut)
                    .isEqualTo(cut == all.length);
        }
    }

    @Test
    void tellsWhatIsNoAnswer() {
        assertThat(judged("").rules()).containsExactly(Rule.TRANSPORT_EMPTY);
        assertThat(judged("{}").errors()).containsExactly(Rule.SHAPE_REQUIRED);
        assertThat(judged("<html>").rules()).containsExactly(Rule.JSON_SYNTAX);
        assertThat(judged(ANSWER + "{}").rules()).containsExactly(Rule.JSON_TRAILING);
        assertThat(judged("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"no\"}}")
                        .rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @Test
    void nullForATextIsNoAnswer() {
        String nothing = "{\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":null}],\"stop_reason\":\"end_turn\"}";
        assertThat(judged(nothing).errors()).containsExactly(Rule.SHAPE_REQUIRED);
        assertThat(judged(nothing.replace("null", "\"\"")).errors()).isEmpty();
    }

    @Test
    void anEmptyAnswerIsAWarning() {
        Judged judged = judged("{\"id\":\"m\",\"content\":[],\"stop_reason\":\"end_turn\"}");
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_EMPTY);
        assertThat(judged.isComplete()).isTrue();
    }

    @Test
    void inputOfToolsIsAnObject() {
        assertThat(judged(ANSWER.replace("{\"a\":1}", "\"{}\"")).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void failuresInOtherFormsAreErrors() {
        Judged judged = judged("{\"code\":401,\"msg\":\"token expired or incorrect\",\"success\":false}");
        assertThat(judged.rules()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(judged.facts().error())
                .contains(new AnswerFacts.InBandError("", "401", "token expired or incorrect"));
        assertThat(judged("{\"success\":false}").rules()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(judged("{\"detail\":\"Not found\"}").rules()).containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @Test
    void aMessageBesideAnAnswerIsNoError() {
        assertThat(judged(ANSWER.replace("{\"id\"", "{\"code\":0,\"msg\":\"ok\",\"success\":true,\"id\""))
                        .found())
                .isEmpty();
    }
}
