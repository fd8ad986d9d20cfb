package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.wire.EventStreamMessage;
import org.junit.jupiter.api.Test;

class ConverseStreamTest {
    private static final EventList STREAM = EventList.binary(
            ConverseStream::new,
            event("messageStart", "{\"p\":\"ab\",\"role\":\"assistant\"}"),
            event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hi\"},\"p\":\"abc\"}"),
            event("contentBlockStop", "{\"contentBlockIndex\":0}"),
            event(
                    "contentBlockStart",
                    "{\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"name\":\"look\",\"toolUseId\":\"t1\"}}}"),
            event("contentBlockDelta", "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":\"}}}"),
            event("contentBlockDelta", "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"1}\"}}}"),
            event("contentBlockStop", "{\"contentBlockIndex\":1}"),
            event("messageStop", "{\"stopReason\":\"tool_use\"}"),
            event(
                    "metadata",
                    "{\"usage\":{\"inputTokens\":9,\"outputTokens\":2,\"cacheReadInputTokens\":1,\"totalTokens\":12}}"));

    private static byte[] event(String type, String payload) {
        return EventStreamMessage.event(type).payload(payload).bytes();
    }

    @Test
    void readsTheFacts() {
        AnswerFacts facts = STREAM.judged().facts();
        assertThat(STREAM.judged().found()).isEmpty();
        assertThat(facts.finish()).isEqualTo(Finish.TOOL_CALLS);
        assertThat(facts.textCharacters()).isEqualTo(2);
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.inputTokens()).isEqualTo(10);
        assertThat(facts.outputTokens()).isEqualTo(2);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        STREAM.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void droppedEventsAreFound() {
        for (int i = 0; i < STREAM.events().size(); i++) {
            // A block of text needs no beginning, so that one without its only piece is an empty block.
            if (i != 1) {
                assertThat(STREAM.without(i).errors()).as("%d", i).isNotEmpty();
            }
        }
    }

    @Test
    void repeatedAndSwappedEventsAreFound() {
        for (int i : new int[] {0, 2, 3, 4, 5, 6}) {
            assertThat(STREAM.repeating(i).errors()).as("%d", i).isNotEmpty();
        }
        assertThat(STREAM.repeating(7).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
        for (int i : new int[] {0, 2, 3, 4, 5, 6}) {
            assertThat(STREAM.swapping(i).errors()).as("%d", i).isNotEmpty();
        }
    }

    @Test
    void anotherMessageInsideIsASplice() {
        for (int i = 1; i < 8; i++) {
            assertThat(STREAM.spliced(i, STREAM).errors()).as("%d", i).contains(Rule.STREAM_SPLICE);
        }
    }

    @Test
    void anExceptionIsToldAlone() {
        EventList stream = EventList.binary(
                ConverseStream::new,
                STREAM.events().get(0),
                EventStreamMessage.exception("throttlingException")
                        .payload("{\"message\":\"slow down\"}")
                        .bytes());
        assertThat(stream.judged().found())
                .hasToString("[ERROR stream.inband-error: type throttlingException, code none, after 2 events]");
        assertThat(stream.judged().facts().error())
                .contains(new AnswerFacts.InBandError("throttlingException", "", "slow down"));
    }

    @Test
    void damagedMessagesAreFound() {
        byte[] damaged = STREAM.events().get(4).clone();
        damaged[damaged.length - 10] ^= 1;
        EventList stream = EventList.binary(ConverseStream::new, STREAM.events().get(0), damaged);
        assertThat(stream.judged().errors()).containsExactly(Rule.STREAM_FRAME);
    }

    @Test
    void plainAnswersAreRead() {
        Judged judged = Judged.document(
                ConverseAnswer::new,
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Hi\"},{\"toolUse\":{\"toolUseId\":\"t\","
                        + "\"name\":\"a\",\"input\":{}}}]}},\"stopReason\":\"tool_use\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().totalTokens()).isEqualTo(3);
        assertThat(Judged.document(ConverseAnswer::new, "{\"message\":\"no\"}").rules())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(Judged.document(ConverseAnswer::new, "{}").errors()).containsExactly(Rule.SHAPE_REQUIRED);
    }

    @Test
    void toolsOfTheProviderAreNoCallsOfTheApplications() {
        EventList stream = EventList.binary(
                ConverseStream::new,
                event("messageStart", "{\"role\":\"assistant\"}"),
                event(
                        "contentBlockStart",
                        "{\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"name\":\"nova_grounding\",\"toolUseId\":\"t1\",\"type\":\"server_tool_use\"}}}"),
                event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}"),
                event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                event("contentBlockDelta", "{\"contentBlockIndex\":1,\"delta\":{\"text\":\"Hi\"}}"),
                event("contentBlockStop", "{\"contentBlockIndex\":1}"),
                event("messageStop", "{\"stopReason\":\"end_turn\"}"),
                event("metadata", "{\"usage\":{\"inputTokens\":9,\"outputTokens\":2}}"));
        assertThat(stream.judged().found()).isEmpty();
        assertThat(stream.judged().facts().toolCalls()).isZero();
        assertThat(stream.judged().content().calledTools()).isEmpty();
        Judged plain = Judged.document(
                ConverseAnswer::new,
                "{\"output\":{\"message\":{\"content\":[{\"toolUse\":{\"name\":\"nova_grounding\",\"toolUseId\":\"t1\",\"type\":\"server_tool_use\",\"input\":{}}},{\"text\":\"Hi\"}]}},\"stopReason\":\"end_turn\"}");
        assertThat(plain.found()).isEmpty();
        assertThat(plain.facts().toolCalls()).isZero();
    }

    @Test
    void citedTextIsText() {
        Judged judged = Judged.document(
                ConverseAnswer::new,
                "{\"output\":{\"message\":{\"content\":[{\"citationsContent\":{\"citations\":[{\"sourceContent\":[{\"text\":\"source\"}]}],\"content\":[{\"text\":\"Hi\"}]}}]}},\"stopReason\":\"end_turn\"}");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.content().text()).isEqualTo("Hi");
    }

    @Test
    void anImageIsNoEmptyAnswer() {
        EventList stream = EventList.binary(
                ConverseStream::new,
                event("messageStart", "{\"role\":\"assistant\"}"),
                event("contentBlockStart", "{\"contentBlockIndex\":0,\"start\":{\"image\":{\"format\":\"png\"}}}"),
                event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"image\":{\"source\":{}}}}"),
                event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                event("messageStop", "{\"stopReason\":\"end_turn\"}"),
                event("metadata", "{\"usage\":{\"inputTokens\":9,\"outputTokens\":2}}"));
        assertThat(stream.judged().found()).isEmpty();
    }
}
