package dev.llmproxy.schema;

import dev.llmproxy.testing.Reply;

/** Answers as providers send them, with a text that is escaped already. */
final class Wire {
    private Wire() {}

    static String chat(String text, String finish) {
        return chatMessage("\"content\":\"" + text + "\"", finish);
    }

    static String refusal() {
        return chatMessage("\"content\":null,\"refusal\":\"I will not.\"", "stop");
    }

    static String calling(String tool, String arguments) {
        return chatMessage(
                "\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\""
                        + tool + "\",\"arguments\":\"" + arguments + "\"}}]",
                "tool_calls");
    }

    private static String chatMessage(String content, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                + "\"assistant\"," + content + "},\"finish_reason\":\"" + finish + "\"}]}";
    }

    static String chunk(String delta, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
                + delta + "},\"finish_reason\":" + finish + "}]}";
    }

    private static String item(String text) {
        return "{\"id\":\"msg\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":"
                + "\"output_text\",\"annotations\":[],\"text\":\"" + text + "\"}]}";
    }

    static String response(String text) {
        return "{\"id\":\"resp\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"output\":["
                + "{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                + item(text)
                + "]}";
    }

    static Reply responseStream(String head, String tail) {
        String begin =
                "{\"id\":\"resp\",\"object\":\"response\",\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}";
        String end = response(head + tail)
                .replace(
                        "{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},",
                        "");
        return Reply.sse(
                event("response.created", 0, "\"response\":" + begin),
                event(
                        "response.output_item.added",
                        1,
                        "\"output_index\":0,\"item\":{\"id\":\"msg\",\"type\":\"message\",\"content\":[]}"),
                event(
                        "response.content_part.added",
                        2,
                        "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}"),
                event(
                        "response.output_text.delta",
                        3,
                        "\"output_index\":0,\"content_index\":0,\"delta\":\"" + head + "\""),
                event(
                        "response.output_text.delta",
                        4,
                        "\"output_index\":0,\"content_index\":0,\"delta\":\"" + tail + "\""),
                event(
                        "response.output_text.done",
                        5,
                        "\"output_index\":0,\"content_index\":0,\"text\":\"" + head + tail + "\""),
                event(
                        "response.content_part.done",
                        6,
                        "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"" + head
                                + tail + "\"}"),
                event("response.output_item.done", 7, "\"output_index\":0,\"item\":" + item(head + tail)),
                event("response.completed", 8, "\"response\":" + end));
    }

    private static String event(String type, int number, String rest) {
        return "{\"type\":\"" + type + "\",\"sequence_number\":" + number + "," + rest + "}";
    }

    static String message(String text) {
        return "{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\""
                + text + "\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
    }

    static Reply messageStream(String head, String tail) {
        return Reply.sse(
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg\",\"model\":\"m\",\"usage\":{\"input_tokens\":1}}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                delta(head),
                delta(tail),
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}",
                "{\"type\":\"message_stop\"}");
    }

    private static String delta(String text) {
        return "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text
                + "\"}}";
    }

    static String candidate(String text, String finish) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hm\",\"thought\":true},{\"text\":\""
                + text
                + "\"}]}" + (finish.isEmpty() ? "" : ",\"finishReason\":\"" + finish + "\"")
                + "}],\"responseId\":\"r\",\"modelVersion\":\"m\"}";
    }

    static String ollama(String text, boolean done) {
        return "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"done\":" + done
                + (done ? ",\"done_reason\":\"stop\"" : "") + "}";
    }

    static String cohere(String text) {
        return "{\"id\":\"c\",\"finish_reason\":\"COMPLETE\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
                + "\"text\":\"" + text + "\"}]}}";
    }

    static Reply cohereStream(String head, String tail) {
        return Reply.sse(
                "{\"type\":\"message-start\",\"id\":\"c\",\"delta\":{\"message\":{\"role\":\"assistant\"}}}",
                "{\"type\":\"content-start\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"type\":\"text\",\"text\":\"\"}}}}",
                cohereDelta(head),
                cohereDelta(tail),
                "{\"type\":\"content-end\",\"index\":0}",
                "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}",
                "[DONE]");
    }

    private static String cohereDelta(String text) {
        return "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"" + text
                + "\"}}}}";
    }
}
