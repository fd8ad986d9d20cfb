package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.wire.EventStreamMessage;
import org.junit.jupiter.api.Test;

/**
 * A call without arguments is one of a tool that takes none, unless a limit has ended the answer there: whoever reads that as
 * an empty object calls the tool with what nobody has said.
 */
class BareCallsTest {
    private static void assertCut(Judged judged) {
        assertThat(judged.errors()).as("%s", judged.found()).containsExactly(Rule.TOOL_ARGS_TRUNCATED);
    }

    private static void assertWhole(Judged judged) {
        assertThat(judged.errors()).as("%s", judged.found()).isEmpty();
    }

    private static Judged cohereStream(String arguments, String finish) {
        return EventList.sse(
                        CohereStream::new,
                        "{\"id\":\"c\",\"type\":\"message-start\",\"delta\":{\"message\":{\"role\":\"assistant\"}}}",
                        "{\"type\":\"tool-call-start\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"id\":\"t\","
                                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"" + arguments
                                + "\"}}}}}",
                        "{\"type\":\"tool-call-end\",\"index\":0}",
                        "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"" + finish + "\"}}",
                        "[DONE]")
                .judged();
    }

    @Test
    void ofCoheresStream() {
        assertCut(cohereStream("", "MAX_TOKENS"));
        assertWhole(cohereStream("", "TOOL_CALL"));
        assertWhole(cohereStream("{}", "MAX_TOKENS"));
    }

    private static Judged cohere(String arguments, String finish) {
        return Judged.document(
                CohereAnswer::new,
                "{\"id\":\"c\",\"finish_reason\":\"" + finish + "\",\"message\":{\"role\":\"assistant\",\"tool_calls\":"
                        + "[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\""
                        + arguments
                        + "\"}}]}}");
    }

    @Test
    void ofCohere() {
        assertCut(cohere("", "MAX_TOKENS"));
        assertWhole(cohere("", "TOOL_CALL"));
        assertWhole(cohere("{}", "MAX_TOKENS"));
    }

    private static byte[] event(String type, String payload) {
        return EventStreamMessage.event(type).payload(payload).bytes();
    }

    private static Judged converseStream(String input, String finish) {
        return EventList.binary(
                        ConverseStream::new,
                        event("messageStart", "{\"role\":\"assistant\"}"),
                        event(
                                "contentBlockStart",
                                "{\"contentBlockIndex\":0,\"start\":{\"toolUse\":{\"name\":\"f\",\"toolUseId\":\"t\"}}}"),
                        event(
                                "contentBlockDelta",
                                "{\"contentBlockIndex\":0,\"delta\":{\"toolUse\":{\"input\":\"" + input + "\"}}}"),
                        event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                        event("messageStop", "{\"stopReason\":\"" + finish + "\"}"),
                        event("metadata", "{\"usage\":{\"inputTokens\":9,\"outputTokens\":2,\"totalTokens\":11}}"))
                .judged();
    }

    @Test
    void ofBedrocksStream() {
        assertCut(converseStream("", "max_tokens"));
        assertWhole(converseStream("", "tool_use"));
        assertWhole(converseStream("{}", "max_tokens"));
    }

    private static Judged converse(String content, String finish) {
        return Judged.document(
                ConverseAnswer::new,
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[" + content + "]}},\"stopReason\":\""
                        + finish + "\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}");
    }

    @Test
    void ofBedrock() {
        String call = "{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\",\"input\":{}}}";
        assertCut(converse(call, "max_tokens"));
        assertWhole(converse(call, "tool_use"));
        assertWhole(converse(call + ",{\"text\":\"so\"}", "max_tokens"));
        assertWhole(converse(call.replace("{}", "{\"a\":1}"), "max_tokens"));
    }

    private static Judged response(String event, String reason) {
        String item = "{\"type\":\"function_call\",\"id\":\"i\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"\"}";
        String end = "{\"type\":\"" + event
                + "\",\"sequence_number\":3,\"response\":{\"id\":\"r\",\"object\":\"response\"," + "\"status\":\""
                + event.substring(9) + "\",\"incomplete_details\":" + reason + ",\"output\":[" + item + "]}}";
        return EventList.sse(
                        ResponsesStream::new,
                        "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\",\"model\":\"m\"}}",
                        "{\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":"
                                + item + "}",
                        "{\"type\":\"response.output_item.done\",\"sequence_number\":2,\"output_index\":0,\"item\":"
                                + item + "}",
                        end)
                .judged();
    }

    @Test
    void ofTheStreamOfAResponse() {
        assertCut(response("response.incomplete", "{\"reason\":\"max_output_tokens\"}"));
        assertWhole(response("response.completed", "null"));
    }

    @Test
    void aFreeFormToolNeedsNone() {
        String call =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":\"custom\","
                        + "\"custom\":{\"name\":\"f\",\"input\":\"so\"}}]},\"finish_reason\":\"length\"}]}";
        assertWhole(Judged.document(ChoicesAnswer::ofChat, call));
        String chunk = call.replace("chat.completion", "chat.completion.chunk").replace("\"message\"", "\"delta\"");
        assertWhole(EventList.sse(ChoicesStream::ofChat, chunk, "[DONE]").judged());
    }
}
