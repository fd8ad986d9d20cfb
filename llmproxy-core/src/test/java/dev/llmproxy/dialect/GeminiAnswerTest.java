package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiAnswerTest {
    private static final String FIRST = response("{\"text\":\"Let me \"}", "", "r1");
    private static final String THOUGHT = response("{\"text\":\"hm\",\"thought\":true}", "", "r1");
    private static final String LAST =
            response("{\"functionCall\":{\"name\":\"look\",\"args\":{}},\"thoughtSignature\":\"x\"}", "STOP", "r1");

    private static final EventList STREAM = EventList.sse(GeminiAnswer::new, THOUGHT, FIRST, FIRST, LAST);

    private static String response(String part, String finishReason, String id) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + part + "],\"role\":\"model\"},"
                + (finishReason.isEmpty() ? "" : "\"finishReason\":\"" + finishReason + "\",")
                + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":7,"
                + "\"thoughtsTokenCount\":3,\"totalTokenCount\":15},\"modelVersion\":\"gemini-x\",\"responseId\":\""
                + id
                + "\"}";
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = STREAM.judged().facts();
        assertThat(STREAM.judged().found()).isEmpty();
        assertThat(facts.id()).contains("r1");
        assertThat(facts.model()).contains("gemini-x");
        assertThat(facts.finish()).isEqualTo(Finish.STOP);
        assertThat(facts.textCharacters()).isEqualTo(14);
        assertThat(facts.isReasoningSeen()).isTrue();
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.inputTokens()).isEqualTo(5);
        assertThat(facts.outputTokens()).isEqualTo(10);
        assertThat(facts.reasoningTokens()).isEqualTo(3);
        assertThat(facts.totalTokens()).isEqualTo(15);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        STREAM.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void anArrayIsCompleteOnlyAtItsBracket() {
        byte[] array = ("[" + FIRST + "\r\n,\r\n" + LAST + "\r\n]").getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= array.length; cut++) {
            Judged judged = Judged.array(GeminiAnswer::new, Arrays.copyOf(array, cut));
            assertThat(judged.isComplete()).as("cut at %d", cut).isEqualTo(cut == array.length);
        }
    }

    @Test
    void anotherResponseInsideIsASplice() {
        EventList other = EventList.sse(GeminiAnswer::new, response("{\"text\":\"x\"}", "STOP", "r2"));
        assertThat(STREAM.spliced(2, other).errors()).containsExactly(Rule.STREAM_SPLICE);
    }

    @Test
    void contentBehindTheEndIsAWarning() {
        assertThat(STREAM.swapping(2).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
    }

    @Test
    void allCandidatesHaveToFinish() {
        String two = "{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\"},{\"index\":1}]}";
        assertThat(EventList.sse(GeminiAnswer::new, two).judged().errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
        String second = "{\"candidates\":[{\"index\":1,\"finishReason\":\"STOP\"}]}";
        assertThat(EventList.sse(GeminiAnswer::new, two, second).judged().errors())
                .isEmpty();
    }

    @Test
    void aBlockedPromptIsComplete() {
        Judged judged = Judged.document(
                GeminiAnswer::new, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{}}");
        assertThat(judged.isComplete()).isTrue();
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_BLOCKED);
    }

    @Test
    void finishReasonsMayBeNumbers() {
        Judged judged = Judged.document(GeminiAnswer::new, "{\"candidates\":[{\"finishReason\":2}]}");
        assertThat(judged.isComplete()).isTrue();
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_FINISH_LENGTH);
    }

    @Test
    void aNaturalEndWithNothingIsEmpty() {
        assertThat(Judged.document(GeminiAnswer::new, "{\"candidates\":[{\"finishReason\":\"STOP\"}]}")
                        .rules())
                .containsExactly(Rule.ANSWER_EMPTY);
    }

    @Test
    void tellsErrorsAndForeignShapes() {
        String error = "{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}";
        Judged judged = EventList.sse(GeminiAnswer::new, FIRST, error).judged();
        assertThat(judged.found())
                .hasToString("[ERROR stream.inband-error: type UNAVAILABLE, code 503, after 2 events]");
        assertThat(Judged.document(GeminiAnswer::new, "{\"id\":1}").errors())
                .containsExactly(Rule.SHAPE_REQUIRED, Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void aCandidateThatFinishesTwiceFinishesForNoOther() {
        String other = "{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}";
        String first = "{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\"}]}";
        assertThat(EventList.sse(GeminiAnswer::new, other, first, first)
                        .judged()
                        .errors())
                .containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "\"{\\\"a\\\"\""})
    void argumentsThatAreNoObjectAreNone(String arguments) {
        String call = "{\"functionCall\":{\"name\":\"look\",\"args\":" + arguments + "}}";
        assertThat(Judged.document(GeminiAnswer::new, response(call, "STOP", "r1"))
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }
}
