package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.Rule.Severity;
import org.junit.jupiter.api.Test;

class CohereStreamTest {
    private static final String START = start("c1");
    private static final String PLAN =
            "{\"type\":\"tool-plan-delta\",\"delta\":{\"message\":{\"tool_plan\":\"I will\"}}}";
    private static final String CALL =
            "{\"type\":\"tool-call-start\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":"
                    + "{\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}}}}";
    private static final String CALL_END = "{\"type\":\"tool-call-end\",\"index\":0}";
    private static final String CONTENT =
            "{\"type\":\"content-start\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"type\":\"text\",\"text\":\"\"}}}}";
    private static final String TEXT =
            "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}}}";
    private static final String CITATION =
            "{\"type\":\"citation-start\",\"index\":0,\"delta\":{\"message\":{\"citations\":{\"start\":1}}}}";
    private static final String CONTENT_END = "{\"type\":\"content-end\",\"index\":0}";
    private static final String END = end("TOOL_CALL");

    private static final EventList STREAM = EventList.sse(
            CohereStream::new,
            START,
            PLAN,
            CALL,
            arguments("{\\\"a\\\""),
            arguments(":1}"),
            CALL_END,
            CONTENT,
            TEXT,
            CITATION,
            CONTENT_END,
            END,
            "[DONE]");

    private static String start(String id) {
        return "{\"id\":\"" + id
                + "\",\"type\":\"message-start\",\"delta\":{\"message\":{\"role\":\"assistant\",\"content\":[],"
                + "\"tool_plan\":\"\",\"tool_calls\":[],\"citations\":[]}}}";
    }

    private static String end(String reason) {
        return "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"" + reason
                + "\",\"usage\":{\"billed_units\":{\"input_tokens\":1},\"tokens\":{\"input_tokens\":20,\"output_tokens\":3}}}}";
    }

    private static String arguments(String piece) {
        return "{\"type\":\"tool-call-delta\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\""
                + piece + "\"}}}}}";
    }

    private static EventList thinkingThenCalling(int index) {
        String call = "\"index\":" + index;
        return EventList.sse(
                CohereStream::new,
                START,
                CONTENT,
                "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"thinking\":\"hm\"}}}}",
                CONTENT_END,
                CALL.replace("\"index\":0", call),
                arguments("{\\\"a\\\":1}").replace("\"index\":0", call),
                CALL_END.replace("\"index\":0", call),
                END,
                "[DONE]");
    }

    @Test
    void callsMayGoOnCountingWhereTheContentsEnded() {
        assertThat(thinkingThenCalling(0).judged().found()).isEmpty();
        Judged judged = thinkingThenCalling(1).judged();
        assertThat(judged.found()).hasToString("[INFO stream.index: the first tool call is 1, after 5 events]");
        assertThat(judged.content().toolCalls()).containsExactly(new AnswerFacts.ToolCall("t1", "look", "{\"a\":1}"));
        assertThat(thinkingThenCalling(2).judged().errors()).containsExactly(Rule.STREAM_INDEX);
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = STREAM.judged().facts();
        assertThat(STREAM.judged().found()).isEmpty();
        assertThat(facts.id()).contains("c1");
        assertThat(facts.finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(facts.textCharacters()).isEqualTo(2);
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.inputTokens()).isEqualTo(20);
        assertThat(facts.outputTokens()).isEqualTo(3);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        EventList.sse(CohereStream::new, START, CONTENT, TEXT, CONTENT_END, end("COMPLETE"))
                .assertCompleteOnlyAtItsEnd();
    }

    @Test
    void droppedEventsAreFound() {
        for (int i : new int[] {0, 2, 3, 4, 5, 6, 9, 10}) {
            assertThat(STREAM.without(i).errors()).as("%d", i).isNotEmpty();
        }
        Judged judged = STREAM.without(11);
        assertThat(judged.found()).extracting(Judged.Found::severity).containsOnly(Severity.WARNING);
        assertThat(judged.rules()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void repeatedAndSwappedEventsAreFound() {
        for (int i : new int[] {2, 3, 4, 5, 6, 9}) {
            assertThat(STREAM.repeating(i).errors()).as("%d", i).isNotEmpty();
        }
        assertThat(STREAM.repeating(0).rules()).containsExactly(Rule.STREAM_DUP_START);
        assertThat(STREAM.repeating(10).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
        for (int i : new int[] {0, 2, 3, 4, 6, 9}) {
            assertThat(STREAM.swapping(i).errors()).as("%d", i).isNotEmpty();
        }
    }

    @Test
    void anotherMessageInsideIsASplice() {
        EventList other = EventList.sse(CohereStream::new, start("c2"), end("COMPLETE"), "[DONE]");
        for (int i = 1; i < 10; i++) {
            assertThat(STREAM.spliced(i, other).errors()).as("%d", i).contains(Rule.STREAM_SPLICE);
        }
    }

    @Test
    void argumentsInAnEventOfAnotherTypeAreLost() {
        String damaged = arguments(":1}").replace("tool-call-delta", "tool-call-dool-delta");
        EventList stream = EventList.sse(
                CohereStream::new, START, CALL, arguments("{\\\"a\\\""), damaged, CALL_END, END, "[DONE]");
        assertThat(stream.judged().rules()).contains(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void anErrorAtTheEndIsToldAlone() {
        String end = "{\"type\":\"message-end\",\"delta\":{\"error\":\"gone\",\"finish_reason\":\"ERROR\"}}";
        Judged judged = EventList.sse(CohereStream::new, START, end).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_INBAND_ERROR);
    }

    @Test
    void versionOneEndsWithItsStreamEnd() {
        EventList stream = EventList.lines(
                CohereV1Stream::new,
                "{\"is_finished\":false,\"event_type\":\"stream-start\",\"generation_id\":\"g1\"}",
                "{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\"Hi\"}",
                "{\"is_finished\":true,\"event_type\":\"stream-end\",\"finish_reason\":\"COMPLETE\",\"response\":{\"text\":\"Hi\","
                        + "\"meta\":{\"tokens\":{\"input_tokens\":3,\"output_tokens\":1}}}}");
        stream.assertCompleteOnlyAtItsEnd();
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().totalTokens()).isEqualTo(4);
        assertThat(stream.judged().facts().textCharacters()).isEqualTo(2);
        assertThat(stream.without(0).rules()).containsExactly(Rule.STREAM_ORDER);
    }

    @Test
    void plainAnswersAreRead() {
        Judged judged = Judged.document(
                CohereAnswer::new,
                "{\"id\":\"c\",\"finish_reason\":\"TOOL_CALL\",\"message\":{\"role\":\"assistant\",\"tool_plan\":\"x\","
                        + "\"tool_calls\":[{\"id\":\"t\",\"function\":{\"name\":\"a\",\"arguments\":\"{}\"}},"
                        + "{\"id\":\"u\",\"function\":{\"name\":\"a\",\"arguments\":\"null\"}}]}}");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().toolCalls()).isEqualTo(2);
        assertThat(Judged.document(CohereAnswer::new, "{\"id\":\"x\",\"message\":\"invalid api token\"}")
                        .rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
    }
}
