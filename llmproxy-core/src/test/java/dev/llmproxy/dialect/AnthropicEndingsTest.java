package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.Rule.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of Anthropic's that a classifier has cut, that another model went on with, or that are to go on later. */
class AnthropicEndingsTest {
    private static final String START = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\","
            + "\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    private static final String CALL = "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{}}";
    private static final String SEARCH =
            "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}";
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"\"}";
    private static final String FALLBACK =
            "{\"type\":\"fallback\",\"from\":{\"model\":\"m\"},\"to\":{\"model\":\"n\"}}";

    private static String begin(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    private static String text(int index) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index
                + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}";
    }

    private static String arguments(int index, String piece) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index
                + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + piece + "\"}}";
    }

    private static String end(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    private static String delta(String stopReason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stopReason
                + "\",\"stop_details\":{\"type\":\"refusal\",\"category\":\"cyber\"}},\"usage\":{\"output_tokens\":9}}";
    }

    private static Judged judged(String... events) {
        return EventList.sse(AnthropicStream::new, events).judged();
    }

    @Test
    void aRefusalMayCutABlockWithoutItsEnd() {
        Judged judged = judged(START, begin(0, TEXT), text(0), delta("refusal"), STOP);
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ORDER, Rule.ANSWER_BLOCKED);
        assertThat(judged.facts().finish()).isEqualTo(Finish.REFUSAL);
        assertThat(judged(START, begin(0, TEXT), text(0), delta("end_turn"), STOP)
                        .errors())
                .containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void ofACallThatARefusalCutNobodyExpectsArguments() {
        String begun = arguments(0, "{\\\"at\\\":");
        Judged open = judged(START, begin(0, CALL), begun, delta("refusal"), STOP);
        assertThat(open.errors()).isEmpty();
        Judged ended = judged(START, begin(0, CALL), begun, end(0), delta("refusal"), STOP);
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.rules()).containsExactly(Rule.TOOL_ARGS_TRUNCATED, Rule.ANSWER_BLOCKED);
        assertThat(judged(START, begin(0, CALL), begun, end(0), delta("tool_use"), STOP)
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void aRefusalCutsOnlyTheLastBlock() {
        String refused = delta("refusal");
        String begun = arguments(0, "{\\\"at\\\":");
        assertThat(judged(START, begin(0, SEARCH), begun, end(0), begin(1, TEXT), text(1), end(1), refused, STOP)
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
        String again = arguments(0, "{}");
        assertThat(judged(START, begin(0, CALL), again, again, end(0), refused, STOP)
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void aRefusalHasItsEndAllTheSame() {
        assertThat(judged(START, begin(0, TEXT), text(0), delta("refusal")).errors())
                .containsExactly(Rule.STREAM_NO_TERMINATOR);
        assertThat(judged(START, begin(0, TEXT), delta("refusal"), text(0), STOP)
                        .errors())
                .isNotEmpty();
    }

    @Test
    void anotherModelMayGoOn() {
        Judged judged = judged(
                START,
                begin(0, TEXT),
                text(0),
                end(0),
                begin(1, FALLBACK),
                end(1),
                begin(2, TEXT),
                text(2),
                end(2),
                delta("end_turn"),
                STOP);
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().textCharacters()).isEqualTo(10);
        assertThat(judged.facts().model()).contains("n");
    }

    @Test
    void aCallOfTheModelThatWasRefusedIsNobodys() {
        String begun = arguments(0, "{\\\"at\\\":");
        Judged judged = judged(
                START,
                begin(0, CALL),
                begun,
                end(0),
                begin(1, FALLBACK),
                end(1),
                begin(2, TEXT),
                text(2),
                end(2),
                delta("end_turn"),
                STOP);
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.rules()).containsExactly(Rule.TOOL_ARGS_TRUNCATED);
        assertThat(judged.content().toolCalls()).isEmpty();
        String plain = "{\"id\":\"msg_1\",\"type\":\"message\",\"model\":\"n\",\"content\":[" + CALL + "," + FALLBACK
                + ",{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\"}";
        assertThat(Judged.document(AnthropicAnswer::new, plain).content().toolCalls())
                .isEmpty();
        String later = CALL.replace("toolu_1", "toolu_2");
        assertThat(judged(
                                START,
                                begin(0, FALLBACK),
                                end(0),
                                begin(1, later),
                                arguments(1, "{"),
                                end(1),
                                delta("tool_use"),
                                STOP)
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause_turn", "compaction"})
    void anAnswerThatIsToGoOnMayBeSilent(String reason) {
        Judged judged = judged(START, begin(0, SEARCH), arguments(0, "{}"), end(0), delta(reason), STOP);
        assertThat(judged.found()).isEmpty();
        String plain = "{\"id\":\"msg_1\",\"type\":\"message\",\"model\":\"m\",\"content\":[" + SEARCH
                + "],\"stop_reason\":\"" + reason + "\",\"usage\":{\"input_tokens\":1,\"output_tokens\":9}}";
        assertThat(Judged.document(AnthropicAnswer::new, plain).found()).isEmpty();
        assertThat(Judged.document(AnthropicAnswer::new, plain.replace(reason, "end_turn"))
                        .found())
                .extracting(Judged.Found::severity)
                .containsExactly(Severity.WARNING);
    }
}
