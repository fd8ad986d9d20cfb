package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.AnswerFacts.InBandError;
import org.junit.jupiter.api.Test;

/** What single servers add to OpenAI's chats, or say in words of their own. */
class CompatibleServersTest {
    private static final String FINE = ",\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}";
    private static final String BUSY = "\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit exceeded\"}}";

    private static String chunk(String text, String finish) {
        return "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":"
                + finish + "}]";
    }

    private static Judged stream(String... events) {
        return EventList.sse(ChoicesStream::ofChat, events).judged();
    }

    @Test
    void aStatusOfZeroIsNoError() {
        Judged judged = stream(chunk("a", "null") + FINE, chunk("b", "\"stop\"") + FINE, "[DONE]");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().error()).isEmpty();
        String answer = "{\"choices\":[{\"message\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}]" + FINE;
        assertThat(Judged.document(ChoicesAnswer::ofChat, answer).found()).isEmpty();
    }

    @Test
    void anyOtherStatusIsOneWhateverElseIsSaid() {
        InBandError error = new InBandError("", "1002", "rate limit exceeded");
        Judged judged = stream(chunk("a", "null") + FINE, "{\"id\":\"c1\",\"choices\":null," + BUSY, "[DONE]");
        assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error()).contains(error);
        judged = stream(chunk("a", "null") + FINE, chunk("b", "\"stop\"") + "," + BUSY, "[DONE]");
        assertThat(judged.facts().error()).contains(error);

        judged = Judged.document(ChoicesAnswer::ofChat, "{\"id\":\"c1\",\"choices\":null," + BUSY);
        assertThat(judged.errors()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(judged.facts().error()).contains(error);
    }

    @Test
    void vectorsOfMiniMaxAreHeldToTheSame() {
        String usage = ",\"total_tokens\":7";
        Judged judged = embeddings("{\"vectors\":[[0.1,2],[0.3,4]]" + usage + FINE);
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().inputTokens()).isEqualTo(7);
        assertThat(embeddings("{\"vectors\":[[0.1,2],[0.3]]" + usage + FINE).errors())
                .containsExactly(Rule.SHAPE_EMBEDDING);
        assertThat(embeddings("{\"vectors\":[[0.1,2],null]" + usage + FINE).errors())
                .containsExactly(Rule.SHAPE_EMBEDDING);
        assertThat(embeddings("{\"vectors\":[]" + usage + FINE).errors()).containsExactly(Rule.SHAPE_EMBEDDING);

        judged = embeddings("{\"vectors\":null,\"total_tokens\":0," + BUSY);
        assertThat(judged.errors()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(judged.facts().error()).contains(new InBandError("", "1002", "rate limit exceeded"));
    }

    private static Judged embeddings(String answer) {
        return Judged.document(OpenAiEmbeddingsAnswer::new, answer);
    }

    @Test
    void anEndOfEachPieceIsNoneOfTheAnswer() {
        String[] events = {chunk("a", "\"stop\"") + "}", chunk("b", "\"stop\"") + "}", chunk("", "\"stop\"") + "}"};
        Judged judged = stream(events[0], events[1], events[2], "[DONE]");
        assertThat(judged.found())
                .hasToString("[WARNING stream.order: content behind the finish of choice 0, after 2 events]");
        assertThat(judged.facts().finish()).isEqualTo(Finish.STOP);
        assertThat(stream(events[0], events[1]).errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void anEndOfOnePieceIsOneOfTheAnswer() {
        String open = chunk("a", "null") + "}";
        String ended = chunk("b", "\"stop\"") + "}";
        assertThat(stream(open, ended, ended, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(stream(ended, open, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(stream(ended, ended, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
        String other = chunk("c", "\"stop\"") + "}";
        assertThat(stream(ended, other, open, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void aCallThatComesAgainIsNoPieceOfTheAnswer() {
        String text = chunk("a", "\"stop\"") + "}";
        String call = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"x\","
                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]},"
                + "\"finish_reason\":\"tool_calls\"}]}";
        assertThat(stream(text, call, "[DONE]").errors()).isEmpty();
        assertThat(stream(call, call, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(stream(text, call, call, "[DONE]").errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void theWordNullIsNoFinish() {
        Judged judged = stream(
                chunk("a", "\"null\"") + "}", chunk("b", "\"null\"") + "}", chunk("c", "\"stop\"") + "}", "[DONE]");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().finish()).isEqualTo(Finish.STOP);
    }

    @Test
    void theEndOfTheThinkingIsNoFinish() {
        Judged judged = stream(
                chunk("hm", "null") + "}",
                chunk("</think>", "\"thinking_end\"") + "}",
                chunk("Hi", "\"stop\"") + "}",
                "[DONE]");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().finish()).isEqualTo(Finish.STOP);
        judged = stream(chunk("hm", "null") + "}", chunk("</think>", "\"thinking_end\"") + "}");
        assertThat(judged.errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void reasoningMayBeCountedBesideTheOtherTokens() {
        String usage =
                ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5,\"reasoning_tokens\":9}}";
        Judged judged = stream(chunk("a", "\"stop\"") + usage, "[DONE]");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().reasoningTokens()).isEqualTo(9);
    }
}
