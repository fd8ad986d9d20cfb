package dev.llmproxy.dialect;

import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.ADDED;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CALL;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CALL_ADDED;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CALL_DONE;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.CREATED;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.DONE;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.EVENTS;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.HEAD;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.ITEM_DONE;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.MESSAGE;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.PART_ADDED;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.PART_DONE;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.TAIL;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.arguments;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.event;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.numbered;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.response;
import static dev.llmproxy.dialect.OpenAiResponsesStreamTest.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses that servers and relays make up of a chat: they number, begin and end what they send in ways of their own. */
class RelayedResponsesTest {
    private static final String REASONING =
            "{\"type\":\"reasoning\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"hm\"}]}";

    @Test
    void withoutIndicesItemsEndInTheOrderOfTheirBeginning() {
        String[] events = {
            CREATED,
            event("output_item.added", "\"item\":{\"type\":\"reasoning\",\"content\":[]}"),
            event("reasoning_text.delta", "\"delta\":\"hm\""),
            withoutIndex(ADDED),
            withoutIndex(PART_ADDED),
            withoutIndex(HEAD),
            withoutIndex(TAIL),
            withoutIndex(CALL_ADDED),
            withoutIndex(arguments("delta", "delta", "{\\\"a\\\":1}")),
            event("output_item.done", "\"item\":" + REASONING),
            withoutIndex(DONE),
            withoutIndex(PART_DONE),
            withoutIndex(ITEM_DONE),
            withoutIndex(CALL_DONE),
            response("completed", "completed", REASONING + "," + MESSAGE + "," + CALL)
        };
        assertThat(stream(events).judged().found()).isEmpty();
        for (int lost : new int[] {5, 6, 7, 9, 12, 13}) {
            assertThat(stream(events).without(lost).errors()).as("%d", lost).isNotEmpty();
        }
    }

    private static String withoutIndex(String event) {
        return event.replaceFirst("\"output_index\":\\d,", "").replaceFirst("\"content_index\":\\d,", "");
    }

    @Test
    void aRelayThatCountsInItsOwnWayIsOnlyWarnedOf() {
        List<String> events = new ArrayList<>();
        for (String event : EVENTS) {
            events.add(event.replaceFirst(",", ",\"sequence_number\":" + (events.size() + 1) + ","));
        }
        events.set(13, CALL_DONE.replaceFirst(",", ",\"sequence_number\":1,"));
        events.remove(CALL_ADDED.replaceFirst(",", ",\"sequence_number\":10,"));
        EventList relayed = stream(events.toArray(new String[0]));
        assertThat(relayed.judged().rules()).contains(Rule.STREAM_SEQUENCE, Rule.STREAM_INDEX);
        assertThat(relayed.judged().errors()).isEmpty();
        assertThat(relayed.without(4).errors()).containsOnly(Rule.STREAM_DONE_MISMATCH);

        String[] damaged = numbered(EVENTS);
        damaged[0] = damaged[0].replace("_number\":0", "_number\":3");
        assertThat(stream(damaged).judged().errors()).containsExactly(Rule.STREAM_SEQUENCE);
    }

    @Test
    void anIndexThatBeginsAgainIsAnotherItem() {
        Judged judged = secondCallOfTheSameIndex(MESSAGE + "," + CALL + ",");
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ORDER);
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.facts().toolCalls()).isEqualTo(2);
    }

    @Test
    void anOutputThatLeavesItemsOutIsNotCompared() {
        Judged judged = secondCallOfTheSameIndex(CALL + ",");
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ORDER, Rule.STREAM_DONE_MISMATCH);
        assertThat(judged.errors()).isEmpty();
    }

    @Test
    void numbersThatBeginBehindAnEventWithoutOneAreTold() {
        String[] events = numbered(EVENTS);
        events[0] = CREATED;
        Judged judged = stream(events).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_SEQUENCE);
        assertThat(judged.errors()).isEmpty();
    }

    @Test
    void eventsWithoutANumberAreNotMissed() {
        String[] events = numbered(EVENTS);
        List<String> relayed = new ArrayList<>();
        relayed.add(CREATED);
        relayed.addAll(Arrays.asList(events).subList(1, 8)); // without the end of the message
        relayed.add(response("completed", "completed", MESSAGE));
        Judged judged = stream(relayed.toArray(new String[0])).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_SEQUENCE, Rule.STREAM_ORDER);
        assertThat(judged.errors()).isEmpty();
        relayed.remove(4);
        assertThat(stream(relayed.toArray(new String[0])).judged().errors()).contains(Rule.STREAM_SEQUENCE);
    }

    @Test
    void aServerMayBeginWithoutSayingSo() {
        String[] events = numbered(Arrays.copyOfRange(EVENTS, 2, EVENTS.length));
        Judged judged = stream(events).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ORDER);
        assertThat(judged.errors()).isEmpty();
    }

    private static Judged secondCallOfTheSameIndex(String outputBefore) {
        String call = CALL.replace("\"f\"", "\"g\"").replace(":1}", ":2}");
        List<String> events = new ArrayList<>(Arrays.asList(EVENTS).subList(0, EVENTS.length - 1));
        events.add(CALL_ADDED.replace("\"f\"", "\"g\""));
        events.add(arguments("delta", "delta", "{\\\"a\\\":2}"));
        events.add(arguments("done", "arguments", "{\\\"a\\\":2}"));
        events.add(CALL_DONE.replace(CALL, call));
        events.add(response("completed", "completed", outputBefore + call));
        return stream(numbered(events.toArray(new String[0]))).judged();
    }

    @Test
    void reasoningMayComeWithoutAnItem() {
        List<String> events = new ArrayList<>(List.of(CREATED, thought("delta", "delta")));
        Arrays.stream(EVENTS, 2, 9).map(RelayedResponsesTest::second).forEach(events::add);
        events.add(thought("done", "text"));
        events.add(response("completed", "completed", MESSAGE));
        EventList relayed = stream(events.toArray(new String[0]));
        assertThat(relayed.judged().rules()).containsExactly(Rule.STREAM_ORDER);
        assertThat(relayed.judged().errors()).isEmpty();
        assertThat(relayed.judged().facts().isReasoningSeen()).isTrue();
        assertThat(relayed.without(4).errors()).contains(Rule.STREAM_DONE_MISMATCH);
        assertThat(relayed.without(8).errors()).contains(Rule.STREAM_ORDER);

        events.add(events.size() - 1, event("output_item.done", "\"output_index\":0,\"item\":" + REASONING));
        assertThat(stream(events.toArray(new String[0])).judged().errors()).contains(Rule.STREAM_INDEX);
    }

    private static String thought(String step, String member) {
        return event("reasoning_summary_text." + step, "\"output_index\":0,\"" + member + "\":\"hm\"");
    }

    private static String second(String event) {
        return event.replace("\"output_index\":0", "\"output_index\":1");
    }

    @Test
    void aCounterThatRunsAheadEndsTheItemBeforeIt() {
        String[] events = numbered(
                CREATED,
                second(event("output_item.added", "\"output_index\":0,\"item\":{\"type\":\"reasoning\"}")),
                second(PART_ADDED),
                event("reasoning_text.delta", "\"output_index\":1,\"content_index\":0,\"delta\":\"hm\""),
                event("reasoning_text.done", "\"output_index\":2,\"content_index\":0,\"text\":\"hm\""),
                event("output_item.done", "\"output_index\":2,\"item\":" + REASONING),
                third(ADDED),
                third(PART_ADDED),
                third(HEAD),
                third(TAIL),
                fourth(DONE),
                fourth(PART_DONE),
                fourth(ITEM_DONE),
                response("completed", "completed", REASONING + "," + MESSAGE));
        Judged judged = stream(events).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_INDEX);
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.facts().textCharacters()).isEqualTo(5);
        assertThat(stream(events).without(8).errors()).contains(Rule.STREAM_SEQUENCE, Rule.STREAM_DONE_MISMATCH);
    }

    private static String third(String event) {
        return event.replace("\"output_index\":0", "\"output_index\":2");
    }

    private static String fourth(String event) {
        return event.replace("\"output_index\":0", "\"output_index\":3");
    }

    @Test
    void anItemThatOnlyEndsIsWhole() {
        for (boolean isIndexed : new boolean[] {true, false}) {
            Judged judged = stream(
                            CREATED,
                            isIndexed ? ITEM_DONE : withoutIndex(ITEM_DONE),
                            isIndexed ? CALL_DONE : withoutIndex(CALL_DONE),
                            response("completed", "completed", ""))
                    .judged();
            assertThat(judged.rules()).containsExactly(Rule.STREAM_INDEX);
            assertThat(judged.errors()).isEmpty();
            assertThat(judged.facts().textCharacters()).isEqualTo(5);
            assertThat(judged.facts().toolCalls()).isEqualTo(1);
        }
        assertThat(stream(CREATED, HEAD, ITEM_DONE, response("completed", "completed", ""))
                        .judged()
                        .errors())
                .contains(Rule.STREAM_INDEX);
    }

    @Test
    void aResponseMayEndAsOneThatIsDone() {
        String done = response("done", "completed", MESSAGE);
        Judged judged = stream(CREATED, ADDED, PART_ADDED, HEAD, TAIL, DONE, PART_DONE, ITEM_DONE, done)
                .judged();
        assertThat(judged.found()).isEmpty();
        assertThat(judged.facts().finishReason()).contains("completed");
        assertThat(stream(CREATED, ADDED, PART_ADDED, HEAD, response("done", "completed", MESSAGE))
                        .judged()
                        .errors())
                .contains(Rule.STREAM_DONE_MISMATCH);
        assertThat(stream(CREATED, response("done", "failed", "")).judged().errors())
                .containsExactly(Rule.STREAM_INBAND_ERROR);
    }
}
