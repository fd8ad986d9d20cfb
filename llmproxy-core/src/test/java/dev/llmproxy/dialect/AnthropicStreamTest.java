package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.Rule.Severity;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnthropicStreamTest {
    private static final String START = start("msg_1");
    private static final String PING = "{\"type\": \"ping\"}   ";
    private static final String TEXT_START =
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}";
    private static final String TEXT_DELTA =
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Let me loök.\"}}";
    private static final String TEXT_STOP = "{\"type\":\"content_block_stop\",\"index\":0}";
    private static final String TOOL_START =
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{}}}";
    private static final String TOOL_STOP = "{\"type\":\"content_block_stop\",\"index\":1}";
    private static final String MESSAGE_DELTA = messageDelta("tool_use");
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private static final EventList STREAM = EventList.sse(
            AnthropicStream::new,
            START,
            TEXT_START,
            PING,
            TEXT_DELTA,
            TEXT_STOP,
            TOOL_START,
            arguments(""),
            arguments("{\\\"at\\\":"),
            arguments(" \\\"ü\\\"}"),
            TOOL_STOP,
            MESSAGE_DELTA,
            STOP);

    private static String start(String id) {
        return "{\"type\":\"message_start\",\"message\":{\"id\":\"" + id
                + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],\"stop_reason\":null,"
                + "\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":5,\"output_tokens\":1}}}";
    }

    private static String messageDelta(String stopReason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stopReason
                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":42}}";
    }

    private static String arguments(String piece) {
        return "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
                + piece + "\"}}";
    }

    private static String thinking(String piece) {
        return "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\""
                + piece + "\"}}";
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = STREAM.judged().facts();
        assertThat(STREAM.judged().found()).isEmpty();
        assertThat(facts.id()).contains("msg_1");
        assertThat(facts.model()).contains("claude-x");
        assertThat(facts.finishReason()).contains("tool_use");
        assertThat(facts.finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(facts.inputTokens()).isEqualTo(15);
        assertThat(facts.cachedTokens()).isEqualTo(5);
        assertThat(facts.outputTokens()).isEqualTo(42);
        assertThat(facts.totalTokens()).isEqualTo(57);
        assertThat(facts.textCharacters()).isEqualTo(12);
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.events()).isEqualTo(12);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        STREAM.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void droppedEventsAreFound() {
        assertThat(STREAM.without(0).errors()).contains(Rule.STREAM_ORDER);
        assertThat(STREAM.without(1).errors()).contains(Rule.STREAM_INDEX);
        assertThat(STREAM.without(4).errors()).contains(Rule.STREAM_ORDER);
        assertThat(STREAM.without(5).errors()).contains(Rule.STREAM_INDEX);
        assertThat(STREAM.without(7).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(STREAM.without(9).errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(STREAM.without(10).errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(STREAM.without(11).errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void repeatedEventsAreFound() {
        assertThat(STREAM.repeating(0).rules()).containsExactly(Rule.STREAM_DUP_START);
        assertThat(STREAM.repeating(1).errors()).contains(Rule.STREAM_ORDER);
        assertThat(STREAM.repeating(4).errors()).containsExactly(Rule.STREAM_INDEX);
        assertThat(STREAM.repeating(7).errors()).containsExactly(Rule.TOOL_ARGS_JSON);
        assertThat(STREAM.repeating(10).rules()).containsExactly(Rule.STREAM_ORDER);
        assertThat(STREAM.repeating(11).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
    }

    @Test
    void argumentsInAnEventOfAnotherTypeAreLost() {
        String lost = arguments("{\\\"at\\\":").replace("block_delta", "block_dleta");
        String rest = arguments(" \\\"u\\\"}");
        EventList stream = EventList.sse(
                AnthropicStream::new,
                START,
                TEXT_START,
                TEXT_STOP,
                TOOL_START,
                lost,
                rest,
                TOOL_STOP,
                MESSAGE_DELTA,
                STOP);
        assertThat(stream.judged().errors()).containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void swappedEventsAreFound() {
        for (int i : new int[] {0, 3, 4, 5, 7, 8, 9}) {
            assertThat(STREAM.swapping(i).errors()).as("%d", i).isNotEmpty();
        }
        assertThat(STREAM.swapping(10).errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void anotherMessageInsideIsASplice() {
        EventList other = EventList.sse(AnthropicStream::new, start("msg_2"), TEXT_START, TEXT_DELTA, TEXT_STOP, STOP);
        for (int i = 1; i < 11; i++) {
            assertThat(STREAM.spliced(i, other).errors()).as("%d", i).contains(Rule.STREAM_SPLICE);
        }
    }

    @Test
    void piecesOfAnotherKindOfBlockAreFound() {
        EventList stream = EventList.sse(
                AnthropicStream::new, START, TEXT_START, thinking("hm"), TEXT_STOP, messageDelta("end_turn"), STOP);
        assertThat(stream.judged().errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void unknownEventsAndBlocksPass() {
        EventList stream = EventList.sse(
                AnthropicStream::new,
                "{\"type\":\"news\",\"index\":7}",
                START,
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"dream\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"dream_delta\",\"dream\":1}}",
                TEXT_DELTA,
                TEXT_STOP,
                "[DONE]",
                messageDelta("end_turn"),
                STOP);
        assertThat(stream.judged().found()).isEmpty();
    }

    @Test
    void anErrorInsideIsToldAndNothingElse() {
        Judged judged = EventList.sse(
                        AnthropicStream::new,
                        START,
                        TEXT_START,
                        "{\"type\":\"error\",\"error\":{\"details\":null,\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}        }")
                .judged();
        assertThat(judged.found())
                .hasToString("[ERROR stream.inband-error: type overloaded_error, code none, after 3 events]");
        assertThat(judged.facts().error()).contains(new AnswerFacts.InBandError("overloaded_error", "", "Overloaded"));
    }

    @Test
    void argumentsThatALimitCutAreToldAsSuch() {
        EventList stream = EventList.sse(
                AnthropicStream::new,
                START,
                TEXT_START,
                TEXT_STOP,
                TOOL_START,
                arguments("{\\\"at\\\":"),
                TOOL_STOP,
                messageDelta("max_tokens"),
                STOP);
        assertThat(stream.judged().rules()).containsExactly(Rule.TOOL_ARGS_TRUNCATED, Rule.ANSWER_FINISH_LENGTH);
    }

    @Test
    void argumentsWithAPairSplitOverPiecesAreWhole() {
        EventList stream = EventList.sse(
                AnthropicStream::new,
                START,
                TEXT_START,
                TEXT_DELTA,
                TEXT_STOP,
                TOOL_START,
                arguments("{\\\"at\\\": \\\"\\ud83d"),
                arguments("\\ude00\\\"}"),
                TOOL_STOP,
                MESSAGE_DELTA,
                STOP);
        assertThat(stream.judged().found()).isEmpty();
    }

    @Test
    void aNameThatDiffersFromTheTypeIsAWarning() {
        Judged judged = Judged.sse(
                AnthropicStream::new,
                "event: message_stop\ndata: " + START + "\n\nevent: message_delta\ndata: " + messageDelta("end_turn")
                        + "\n\nevent: message_stop\ndata: " + STOP + "\n\n");
        assertThat(judged.rules()).containsExactly(Rule.STREAM_TYPE_MISMATCH, Rule.ANSWER_EMPTY);
    }

    @Test
    void aPingMayHaveAnyName() {
        Judged judged = Judged.sse(
                AnthropicStream::new,
                "event: vertex_event\ndata: " + PING + "\n\nevent: message_start\ndata: " + START + "\n\n");
        assertThat(judged.rules()).doesNotContain(Rule.STREAM_TYPE_MISMATCH);
    }

    @Test
    void payloadIsSeenWithTheFirstPieceOfContent() {
        assertThat(EventList.sse(AnthropicStream::new, START, TEXT_START, PING)
                        .judged()
                        .facts()
                        .isPayloadSeen())
                .isFalse();
        assertThat(EventList.sse(AnthropicStream::new, START, TEXT_START, TEXT_DELTA)
                        .judged()
                        .facts()
                        .isPayloadSeen())
                .isTrue();
    }

    @Test
    void twoEventsGluedTogetherAreFound() {
        Judged judged = EventList.sse(AnthropicStream::new, START, TEXT_START + TEXT_DELTA)
                .judged();
        assertThat(judged.errors()).contains(Rule.JSON_TRAILING);
    }

    @Test
    void aTerminatorWithoutItsBlankLineIsOne() {
        byte[] whole = ("data: " + START + "\n\ndata: " + messageDelta("refusal") + "\n\ndata: " + STOP)
                .getBytes(StandardCharsets.UTF_8);
        Judged judged = Judged.sse(AnthropicStream::new, whole);
        assertThat(judged.isComplete()).isTrue();
        assertThat(judged.found()).extracting(Judged.Found::severity).containsOnly(Severity.WARNING);
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_BLOCKED, Rule.STREAM_UNTERMINATED_EVENT);
    }

    private static String stop(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    // llama.cpp's server ends its blocks in a row behind the last piece of the last one.
    private static final EventList TOGETHER = EventList.sse(
            AnthropicStream::new,
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
            thinking("hm"),
            TOOL_START,
            arguments("{\\\"at\\\":"),
            arguments("1}"),
            TOOL_START.replace("\"index\":1", "\"index\":2").replace("toolu_1", "toolu_2"),
            arguments("{}").replace("\"index\":1", "\"index\":2"),
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"\"}}",
            stop(0),
            stop(1),
            stop(2),
            MESSAGE_DELTA,
            STOP);

    @Test
    void blocksMayStayOpenUntilTheLastHasBegun() {
        Judged judged = TOGETHER.judged();
        assertThat(judged.found())
                .hasToString("[WARNING stream.order: block 1 begins while 0 is open, after 4 events]");
        assertThat(judged.facts().toolCalls()).isEqualTo(2);
        assertThat(judged.content().toolCalls())
                .containsExactly(
                        new AnswerFacts.ToolCall("toolu_1", "look", "{\"at\":1}"),
                        new AnswerFacts.ToolCall("toolu_2", "look", "{}"));
        TOGETHER.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void othersMayHaveEndedBeforeThoseThatStayOpen() {
        String text = TEXT_START.replace("\"index\":0", "\"index\":1");
        String call = TOOL_START.replace("\"index\":1", "\"index\":2");
        String piece = arguments("{}").replace("\"index\":1", "\"index\":2");
        EventList stream = EventList.sse(
                AnthropicStream::new,
                START,
                TEXT_START.replace("\"text\",", "\"thinking\","),
                thinking("hm"),
                stop(0),
                text,
                TEXT_DELTA.replace("\"index\":0", "\"index\":1"),
                call,
                piece,
                stop(1),
                stop(2),
                MESSAGE_DELTA,
                STOP);
        assertThat(stream.judged().found())
                .hasToString("[WARNING stream.order: block 2 begins while 1 is open, after 7 events]");
        assertThat(stream.swapping(7).errors()).containsExactly(Rule.STREAM_ORDER);
        for (int i : new int[] {3, 4, 6, 8, 9}) {
            assertThat(stream.without(i).errors()).as("without %d", i).isNotEmpty();
            assertThat(stream.repeating(i).errors()).as("repeating %d", i).isNotEmpty();
        }
    }

    @Test
    void blocksThatStayOpenAreStillFollowed() {
        for (int i : new int[] {0, 1, 3, 5, 6, 9, 10, 11, 12, 13}) {
            assertThat(TOGETHER.without(i).errors()).as("without %d", i).isNotEmpty();
        }
        for (int i : new int[] {1, 3, 5, 6, 7, 9, 10, 11}) {
            assertThat(TOGETHER.repeating(i).errors()).as("repeating %d", i).isNotEmpty();
        }
        for (int i : new int[] {0, 1, 3, 4, 6, 9, 10, 11}) {
            assertThat(TOGETHER.swapping(i).errors()).as("swapping %d", i).isNotEmpty();
        }
    }

    @Test
    void blocksThatEndTogetherAreTheLast() {
        EventList stream = EventList.sse(
                AnthropicStream::new,
                START,
                TEXT_START,
                TOOL_START,
                TEXT_STOP,
                TOOL_STOP,
                TEXT_START.replace("\"index\":0", "\"index\":2"),
                stop(2),
                MESSAGE_DELTA,
                STOP);
        assertThat(stream.judged().errors()).containsExactly(Rule.STREAM_ORDER);
    }

    // Anthropic's own: the text behind a result has begun with the number of the result, and gone on with its own.
    private static final EventList REPEATED = EventList.sse(
            AnthropicStream::new,
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"web_search_tool_result\",\"content\":[]}}",
            stop(0),
            TEXT_START,
            TEXT_DELTA.replace("\"index\":0", "\"index\":1"),
            stop(1),
            MESSAGE_DELTA.replace("tool_use", "end_turn"),
            STOP);

    @Test
    void aTextBehindAResultMayBeginWithItsNumber() {
        Judged judged = REPEATED.judged();
        assertThat(judged.found()).hasToString("[WARNING stream.index: block 0 begins, expected 1, after 4 events]");
        assertThat(judged.content().text()).isEqualTo("Let me loök.");
        REPEATED.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void noOtherBlockMayBeginWithANumberThatWasThere() {
        for (int i : new int[] {1, 2, 3, 5}) {
            assertThat(REPEATED.repeating(i).errors()).as("repeating %d", i).isNotEmpty();
        }
        for (int i : new int[] {2, 3, 5}) {
            assertThat(REPEATED.without(i).errors()).as("without %d", i).isNotEmpty();
        }
        EventList behindText = EventList.sse(
                AnthropicStream::new, START, TEXT_START, TEXT_STOP, TEXT_START, stop(1), MESSAGE_DELTA, STOP);
        assertThat(behindText.judged().errors()).containsExactly(Rule.STREAM_INDEX);
    }

    @Test
    void aMessageThatHasEndedComesWholeInItsStart() {
        String whole = START.replace("\"stop_reason\":null", "\"stop_reason\":\"tool_use\"")
                .replace(
                        "\"content\":[]",
                        "\"content\":[{\"type\":\"code_execution_tool_result\",\"tool_use_id\":\"srv\",\"content\":{}},"
                                + "{\"type\":\"text\",\"text\":\"Hi\"},"
                                + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{\"at\":1}}]");
        EventList stream = EventList.sse(AnthropicStream::new, whole, STOP);
        Judged judged = stream.judged();
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(judged.content().text()).isEqualTo("Hi");
        assertThat(judged.content().toolCalls())
                .containsExactly(new AnswerFacts.ToolCall("toolu_1", "look", "{\"at\":1}"));
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void aMessageThatIsStreamedSaysWhyItEndsBehindItsBlocks() {
        String ended = START.replace("\"stop_reason\":null", "\"stop_reason\":\"end_turn\"");
        EventList stream = EventList.sse(AnthropicStream::new, ended, TEXT_START, TEXT_DELTA, TEXT_STOP, STOP);
        assertThat(stream.judged().errors()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void errorsInOtherFormsAreToldAsSuch() {
        Judged judged = Judged.sse(
                AnthropicStream::new,
                "data: " + START
                        + "\n\nevent: error\ndata: {\"error\":{\"code\":\"1305\",\"message\":\"busy\"},\"request_id\":\"r\"}\n\n");
        assertThat(judged.rules()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error()).contains(new AnswerFacts.InBandError("", "1305", "busy"));
        assertThat(EventList.sse(AnthropicStream::new, "{\"error\":\"busy\"}")
                        .judged()
                        .rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(Judged.sse(AnthropicStream::new, "event: error\ndata: {\"message\":\"busy\"}\n\n")
                        .rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @Test
    void errorsInPlaceOfAMessageAreRead() {
        assertThat(EventList.sse(
                                AnthropicStream::new,
                                START,
                                "{\"type\":\"error\",\"message\":{\"type\":\"api_error\",\"message\":\"busy\"}}")
                        .judged()
                        .facts()
                        .error())
                .contains(new AnswerFacts.InBandError("api_error", "", "busy"));
        Judged said = Judged.sse(AnthropicStream::new, "event: error\ndata: {\"message\":\"busy\"}\n\n");
        assertThat(said.facts().error()).contains(new AnswerFacts.InBandError("", "", "busy"));
    }

    @Test
    void anEventWhoseTypeIsLostIsLostItself() {
        String lost =
                "event: content_block_delta\ndata: {\"typndex\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n";
        Judged judged = Judged.sse(AnthropicStream::new, "data: " + START + "\n\ndata: " + TEXT_START + "\n\n" + lost);
        assertThat(judged.rules()).startsWith(Rule.SHAPE_REQUIRED);
        assertThat(Judged.sse(AnthropicStream::new, "data: " + START + "\n\nevent: news\ndata: {\"a\":0}\n\n")
                        .rules())
                .doesNotContain(Rule.SHAPE_REQUIRED);
    }
}
