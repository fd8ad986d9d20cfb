package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import dev.llmproxy.dialect.AnswerFacts.InBandError;
import dev.llmproxy.dialect.Rule.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiResponsesStreamTest {
    static final String CREATED = response("created", "in_progress", "");
    static final String ADDED =
            event("output_item.added", "\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":[]}");
    static final String PART_ADDED = event(
            "content_part.added",
            "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}");
    static final String HEAD = textDelta("Gr\\u00fc\\ud83d");
    static final String TAIL = textDelta("\\ude00\u00df");
    static final String DONE =
            event("output_text.done", "\"output_index\":0,\"content_index\":0,\"text\":\"Grü😀\u00df\"");
    static final String PART_DONE = event(
            "content_part.done",
            "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"Grü😀\u00df\"}");
    static final String MESSAGE =
            "{\"content\":[{\"text\":\"Grü😀\u00df\",\"type\":\"output_text\"}],\"type\":\"message\",\"status\":\"completed\"}";
    static final String ITEM_DONE = event("output_item.done", "\"output_index\":0,\"item\":" + MESSAGE);
    static final String CALL =
            "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}";
    static final String CALL_ADDED = event(
            "output_item.added",
            "\"output_index\":1,\"item\":{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}");
    static final String CALL_DONE = event("output_item.done", "\"output_index\":1,\"item\":" + CALL);
    private static final String COMPLETED = response("completed", "completed", MESSAGE + "," + CALL);

    static final String[] EVENTS = {
        CREATED,
        response("in_progress", "in_progress", ""),
        ADDED,
        PART_ADDED,
        HEAD,
        TAIL,
        DONE,
        PART_DONE,
        ITEM_DONE,
        CALL_ADDED,
        arguments("delta", "delta", "{\\\"a"),
        arguments("delta", "delta", "\\\":1}"),
        arguments("done", "arguments", "{\\\"a\\\":1}"),
        CALL_DONE,
        COMPLETED
    };

    private static final EventList STREAM = stream(EVENTS);
    private static final EventList NUMBERED = stream(numbered(EVENTS));

    static EventList stream(String... events) {
        return EventList.sse(ResponsesStream::new, events);
    }

    static String[] numbered(String... events) {
        List<String> numbered = new ArrayList<>();
        for (String event : events) {
            numbered.add(event.replaceFirst(",", ",\"sequence_number\":" + numbered.size() + ","));
        }
        return numbered.toArray(new String[0]);
    }

    static String event(String type, String members) {
        return "{\"type\":\"response." + type + "\"," + members + "}";
    }

    static String response(String type, String status, String output) {
        return response(type, status, output, "\"error\":null,\"incomplete_details\":null");
    }

    static String response(String type, String status, String output, String details) {
        return event(
                type,
                "\"response\":{\"id\":\"resp_1\",\"model\":\"gpt-x\",\"status\":\"" + status + "\"," + details
                        + ",\"output\":[" + output
                        + "],\"usage\":{\"input_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":1},"
                        + "\"output_tokens\":6,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":10}}");
    }

    private static String textDelta(String text) {
        return event("output_text.delta", "\"output_index\":0,\"content_index\":0,\"delta\":\"" + text + "\"");
    }

    static String arguments(String step, String member, String arguments) {
        return event("function_call_arguments." + step, "\"output_index\":1,\"" + member + "\":\"" + arguments + "\"");
    }

    @Test
    void readsTheFacts() {
        for (EventList stream : List.of(STREAM, NUMBERED)) {
            assertThat(stream.judged().found()).isEmpty();
            AnswerFacts facts = stream.judged().facts();
            assertThat(facts.id()).contains("resp_1");
            assertThat(facts.model()).contains("gpt-x");
            assertThat(facts.finishReason()).contains("completed");
            assertThat(facts.finish()).isEqualTo(Finish.TOOL_CALLS);
            assertThat(facts.textCharacters()).isEqualTo(5);
            assertThat(facts.toolCalls()).isEqualTo(1);
            assertThat(facts.inputTokens()).isEqualTo(4);
            assertThat(facts.cachedTokens()).isEqualTo(1);
            assertThat(facts.outputTokens()).isEqualTo(6);
            assertThat(facts.reasoningTokens()).isEqualTo(2);
        }
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        NUMBERED.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void droppedEventsAreFoundByTheirNumbers() {
        for (int i = 0; i < EVENTS.length - 1; i++) {
            assertThat(NUMBERED.without(i).errors()).as("%d", i).contains(Rule.STREAM_SEQUENCE);
        }
        assertThat(NUMBERED.without(EVENTS.length - 1).errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void droppedEventsAreFoundWithoutNumbers() {
        assertThat(STREAM.without(0).errors()).containsExactly(Rule.STREAM_ORDER);
        assertThat(STREAM.without(2).errors()).contains(Rule.STREAM_INDEX);
        assertThat(STREAM.without(3).errors()).containsExactly(Rule.STREAM_INDEX);
        assertThat(STREAM.without(4).errors()).contains(Rule.STREAM_DONE_MISMATCH);
        assertThat(STREAM.without(5).errors()).contains(Rule.STREAM_DONE_MISMATCH);
        assertThat(STREAM.without(8).errors()).contains(Rule.STREAM_ORDER);
        assertThat(STREAM.without(9).errors()).contains(Rule.STREAM_INDEX);
        assertThat(STREAM.without(10).errors()).contains(Rule.STREAM_DONE_MISMATCH);
        assertThat(STREAM.without(13).errors()).contains(Rule.STREAM_ORDER);
    }

    @Test
    void repeatedAndSwappedEventsAreFound() {
        for (int i = 0; i < EVENTS.length - 1; i++) {
            assertThat(NUMBERED.repeating(i).rules())
                    .as("%d", i)
                    .containsAnyOf(Rule.STREAM_SEQUENCE, Rule.STREAM_DUP_START);
            assertThat(NUMBERED.swapping(i).errors()).as("%d", i).contains(Rule.STREAM_SEQUENCE);
        }
        for (int i : new int[] {2, 3, 4, 5, 9, 10, 11}) {
            assertThat(STREAM.repeating(i).errors()).as("%d", i).isNotEmpty();
        }
    }

    @Test
    void anotherResponseInsideIsASplice() {
        EventList other = stream(Arrays.stream(EVENTS)
                .map(each -> each.replace("resp_1", "resp_2"))
                .toArray(String[]::new));
        for (int i = 1; i < EVENTS.length; i++) {
            assertThat(STREAM.spliced(i, other).errors()).as("%d", i).contains(Rule.STREAM_SPLICE);
        }
        assertThat(STREAM.spliced(EVENTS.length, other).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
    }

    @Test
    void changedTextsAreFound() {
        String[] events = EVENTS.clone();
        for (int i : new int[] {4, 6, 7, 8, 10, 12, 13, 14}) {
            events[i] = EVENTS[i].replace("Gr", "Gs").replace("{\\\"a", "{\\\"b");
            assertThat(stream(numbered(events)).judged().errors()).as("%d", i).contains(Rule.STREAM_DONE_MISMATCH);
            events[i] = EVENTS[i];
        }
    }

    @Test
    void argumentsHaveToBeAnObject() {
        String cut = CALL.replace("1}", "");
        Judged judged = stream(
                        CREATED,
                        CALL_ADDED.replace("_index\":1", "_index\":0"),
                        CALL_DONE.replace("_index\":1", "_index\":0").replace(CALL, cut),
                        response("completed", "completed", cut))
                .judged();
        assertThat(judged.errors()).containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void idsMayChange() {
        String[] events = numbered(EVENTS);
        events[EVENTS.length - 1] = events[EVENTS.length - 1].replace("resp_1", "other");
        assertThat(stream(events).judged().rules()).containsExactly(Rule.STREAM_ID_CHANGE);
    }

    @Test
    void hostedItemsMayStayOpen() {
        String hosted = event("output_item.added", "\"output_index\":2,\"item\":{\"type\":\"mcp_list_tools\"}");
        String[] events = Arrays.copyOf(EVENTS, EVENTS.length + 1);
        events[EVENTS.length - 1] = hosted;
        events[EVENTS.length] =
                response("completed", "completed", MESSAGE + "," + CALL + ",{\"type\":\"mcp_list_tools\"}");
        Judged judged = stream(events).judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_ORDER);
        assertThat(judged.errors()).isEmpty();
    }

    @Test
    void errorsAreFoundInAllForms() {
        String failed = response("failed", "failed", "", "\"error\":{\"code\":\"server_error\",\"message\":\"busy\"}");
        Judged judged = stream(CREATED, failed).judged();
        assertThat(judged.errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error()).contains(new InBandError("", "server_error", "busy"));

        String flat =
                "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"busy\",\"param\":null,\"sequence_number\":2}";
        assertThat(stream(CREATED, flat).judged().facts().error())
                .contains(new InBandError("", "rate_limit_exceeded", "busy"));

        String nested =
                "{\"type\":\"error\",\"sequence_number\":2,\"error\":{\"type\":\"insufficient_quota\",\"code\":\"q\",\"message\":\"busy\"}}";
        judged = stream(nested, failed).judged();
        assertThat(judged.errors()).containsExactly(Rule.SHAPE_ERROR_IN_200);
        assertThat(judged.facts().error()).contains(new InBandError("insufficient_quota", "q", "busy"));

        assertThat(stream(CREATED, "{\"error\":\"busy\"}").judged().errors()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(Judged.sse(ResponsesStream::new, "event: error\ndata: {\"message\":\"busy\"}\n\n")
                        .errors())
                .containsExactly(Rule.SHAPE_ERROR_IN_200);
    }

    @Test
    void incompleteSaysWhy() {
        String[] events = EVENTS.clone();
        events[EVENTS.length - 1] = response(
                "incomplete",
                "incomplete",
                MESSAGE + "," + CALL,
                "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}");
        Judged judged = stream(events).judged();
        assertThat(judged.rules()).containsExactly(Rule.ANSWER_FINISH_LENGTH);
        assertThat(judged.facts().finish()).isEqualTo(Finish.LENGTH);
        events[EVENTS.length - 1] = events[EVENTS.length - 1].replace("max_output_tokens", "content_filter");
        assertThat(stream(events).judged().rules()).containsExactly(Rule.ANSWER_BLOCKED);
    }

    @Test
    void namesAndTypesAgreeWhereBothAreSent() {
        String stream = "event: response.created\ndata: " + CREATED + "\n\nevent: ping\ndata: " + COMPLETED + "\n\n";
        assertThat(Judged.sse(ResponsesStream::new, stream).rules()).contains(Rule.STREAM_TYPE_MISMATCH);
    }

    @Test
    void unknownEventsHaveNumbersToo() {
        List<String> events = new ArrayList<>(Arrays.asList(EVENTS));
        events.add(3, event("new_thing.delta", "\"delta\":\"x\""));
        assertThat(stream(numbered(events.toArray(new String[0]))).judged().found())
                .isEmpty();
    }

    @Test
    void aServerThatSkipsPartsIsOnlyWarnedOf() {
        List<String> events = new ArrayList<>(Arrays.asList(EVENTS));
        events.remove(PART_ADDED);
        Judged judged = stream(numbered(events.toArray(new String[0]))).judged();
        assertThat(judged.errors()).isEmpty();
        assertThat(judged.found())
                .singleElement()
                .extracting(Judged.Found::severity)
                .isEqualTo(Severity.WARNING);
    }

    @Test
    void everySplitTellsTheSame() {
        byte[] all = ("data: " + String.join("\n\ndata: ", EVENTS) + "\n\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= all.length; i++) {
            Judged split =
                    Judged.sse(ResponsesStream::new, Arrays.copyOf(all, i), Arrays.copyOfRange(all, i, all.length));
            assertThat(split.found()).as("split at %d", i).isEmpty();
        }
    }

    @Test
    void aChatInItsPlaceIsWholeWithItsTerminator() {
        String chunk = "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}";
        assertThat(stream(chunk, chunk).judged().errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
        Judged judged = stream(chunk, chunk, "[DONE]").judged();
        assertThat(judged.isComplete()).isTrue();
        assertThat(judged.rules()).containsExactly(Rule.SHAPE_REQUIRED, Rule.ANSWER_FINISH_MISSING);
    }

    @Test
    void theTerminatorOfChatsIsNone() {
        assertThat(stream(CREATED, "[DONE]").judged().errors()).containsExactly(Rule.STREAM_NO_TERMINATOR);
        String[] events = Arrays.copyOf(EVENTS, EVENTS.length + 1);
        events[EVENTS.length] = "[DONE]";
        assertThat(stream(events).judged().found()).isEmpty();
    }
}
