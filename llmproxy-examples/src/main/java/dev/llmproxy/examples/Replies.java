package dev.llmproxy.examples;

import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What providers answer, for the scripted one. */
final class Replies {
    private Replies() {}

    /** Returns what an endpoint of OpenAI says: its models, a stream, and nothing without a key. */
    static Reply models(ReceivedRequest request) {
        if (request.header("Authorization").isEmpty()) {
            return wrongKey();
        }
        if (request.method().equals("POST")) {
            return chatStream("one", " two", " three");
        }
        return request.target().equals("/v1/models")
                ? Reply.json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o\"},{\"id\":\"gpt-4o-mini\"}]}")
                : Reply.status(404);
    }

    /** Returns a plain answer of OpenAI's chat completions. */
    static Reply chat(String text) {
        return Reply.json(200, chatJson(text));
    }

    static String chatJson(String text) {
        return """
                {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",\
                "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},\
                "logprobs":null,"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}""".formatted(text);
    }

    /** Returns a plain answer that ended because it had become too long. */
    static Reply chatCutByLimit(String text) {
        return Reply.json(200, """
                {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",\
                "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},\
                "logprobs":null,"finish_reason":"length"}],\
                "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""".formatted(text));
    }

    /** Returns a streamed answer of OpenAI's chat completions. */
    static Reply chatStream(String... tokens) {
        return stream(chatEvents(tokens));
    }

    static List<String> chatEvents(String... tokens) {
        String chunk = """
                data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini",\
                "choices":[{"index":0,"delta":{%s},"finish_reason":%s}]}

                """;
        return events(
                tokens,
                token -> chunk.formatted("\"content\":\"" + token + "\"", "null"),
                chunk.formatted("", "\"stop\""),
                "data: [DONE]\n\n");
    }

    /** Returns OpenAI's refusal of an unknown key. */
    static Reply wrongKey() {
        return Reply.json(401, """
                {"error":{"message":"Incorrect API key provided.","type":"invalid_request_error",\
                "param":null,"code":"invalid_api_key"}}""");
    }

    /** Returns OpenAI's refusal of an account that has used up its credit. */
    static Reply noCredit() {
        return Reply.json(429, """
                {"error":{"message":"You exceeded your current quota.","type":"insufficient_quota",\
                "param":null,"code":"insufficient_quota"}}""");
    }

    /** Returns OpenAI's refusal of one request too many. */
    static Reply rateLimit() {
        return Reply.json(429, """
                        {"error":{"message":"Rate limit reached for gpt-4o-mini on requests per min (RPM): Limit 500, \
                        Used 500, Requested 1. Please try again in 2s.","type":"requests","param":null,\
                        "code":"rate_limit_exceeded"}}""")
                .header("Retry-After", "2")
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", "0")
                .header("x-ratelimit-reset-requests", "2s");
    }

    /** Returns what an intermediary answers in place of a provider. */
    static Reply webPage() {
        return Reply.json(200, "<!DOCTYPE html><html><body>Please sign in.</body></html>")
                .header("Content-Type", "text/html");
    }

    /** Returns a plain answer of Anthropic's messages. */
    static Reply message(String text) {
        return Reply.json(200, messageJson(text));
    }

    static String messageJson(String text) {
        return """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",\
                "content":[{"type":"text","text":"%s"}],"stop_reason":"end_turn","stop_sequence":null,\
                "usage":{"input_tokens":9,"output_tokens":5}}""".formatted(text);
    }

    /** Returns a streamed answer of Anthropic's messages. */
    static Reply messageStream(String... tokens) {
        return stream(messageEvents(tokens));
    }

    static List<String> messageEvents(String... tokens) {
        List<String> events = new ArrayList<>();
        events.add(named("message_start", """
                ,"message":{"id":"msg_1","type":"message","role":"assistant",\
                "model":"claude-sonnet-4-5","content":[],"stop_reason":null,\
                "stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}"""));
        events.add(named("content_block_start", """
                ,"index":0,"content_block":{"type":"text","text":""}"""));
        events.addAll(events(
                tokens,
                token -> named("content_block_delta", """
                        ,"index":0,"delta":{"type":"text_delta","text":"%s"}""".formatted(token)),
                named("content_block_stop", ",\"index\":0"),
                named("message_delta", """
                        ,"delta":{"stop_reason":"end_turn","stop_sequence":null},\
                        "usage":{"output_tokens":5}"""),
                named("message_stop", "")));
        return events;
    }

    private static String named(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + fields + "}\n\n";
    }

    /** Returns a plain answer of Gemini. */
    static Reply gemini(String text) {
        return Reply.json(200, geminiJson(text, ",\"finishReason\":\"STOP\""));
    }

    /** Returns a streamed answer of Gemini. */
    static Reply geminiStream(String... tokens) {
        return stream(geminiEvents(tokens));
    }

    static List<String> geminiEvents(String... tokens) {
        return events(
                tokens,
                token -> "data: " + geminiJson(token, "") + "\n\n",
                "data: " + geminiJson("", ",\"finishReason\":\"STOP\"") + "\n\n");
    }

    static String geminiJson(String text, String finish) {
        return """
                {"candidates":[{"content":{"parts":[{"text":"%s"}],"role":"model"}%s,"index":0}],\
                "usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14},\
                "modelVersion":"gemini-2.5-flash","responseId":"r1"}""".formatted(text, finish);
    }

    private static Reply stream(List<String> events) {
        return Reply.stream("text/event-stream", events.toArray(String[]::new));
    }

    private static List<String> events(String[] tokens, UnaryOperator<String> event, String... last) {
        return Stream.concat(Stream.of(tokens).map(event), Stream.of(last)).toList();
    }
}
