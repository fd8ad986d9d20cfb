package dev.llmproxy.examples;

import dev.llmproxy.testing.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a provider with one wire format says to a question. */
enum Api {
    OPENAI {
        @Override
        String json(String text) {
            return Replies.chatJson(text);
        }

        @Override
        String empty() {
            return json("").replaceFirst("\\[\\{.*}],\"usage", "[],\"usage");
        }

        @Override
        String withoutText() {
            return json("").replace("\"content\":\"\"", "\"content\":null");
        }

        @Override
        List<String> events(String... tokens) {
            return Replies.chatEvents(tokens);
        }

        @Override
        String error(int status, String message) {
            String code = status == 401 ? "invalid_api_key" : status == 429 ? "rate_limit_exceeded" : "server_error";
            String type = status == 429 ? "requests" : status == 401 ? "invalid_request_error" : "server_error";
            return "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
                    .formatted(message, type, code);
        }
    },

    ANTHROPIC {
        @Override
        String json(String text) {
            return Replies.messageJson(text);
        }

        @Override
        String empty() {
            return json("").replace("{\"type\":\"text\",\"text\":\"\"}", "");
        }

        @Override
        String withoutText() {
            return json("").replace("\"text\":\"\"", "\"text\":null");
        }

        @Override
        List<String> events(String... tokens) {
            return Replies.messageEvents(tokens);
        }

        @Override
        String error(int status, String message) {
            String type = status == 401
                    ? "authentication_error"
                    : status == 429 ? "rate_limit_error" : status == 503 ? "overloaded_error" : "api_error";
            return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}".formatted(type, message);
        }
    },

    GEMINI {
        @Override
        String json(String text) {
            return Replies.geminiJson(text, ",\"finishReason\":\"STOP\"");
        }

        @Override
        String empty() {
            return json("").replaceFirst("\\[\\{.*}],\"usage", "[],\"usage");
        }

        @Override
        String withoutText() {
            return json("").replace("\"text\":\"\"", "\"text\":null");
        }

        @Override
        List<String> events(String... tokens) {
            return Replies.geminiEvents(tokens);
        }

        @Override
        String error(int status, String message) {
            String name = status == 401
                    ? "UNAUTHENTICATED"
                    : status == 429 ? "RESOURCE_EXHAUSTED" : status == 503 ? "UNAVAILABLE" : "INTERNAL";
            return "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}".formatted(status, message, name);
        }
    };

    static final String TEXT = "Blue light is scattered most.";
    private static final String[] TOKENS = {"Blue ", "light ", "is ", "scattered ", "most."};

    /** Returns the body of an answer. */
    abstract String json(String text);

    /** Returns the body of an answer without choices, blocks or candidates. */
    abstract String empty();

    /** Returns the body of an answer whose text is null. */
    abstract String withoutText();

    /** Returns the events of a streamed answer. */
    abstract List<String> events(String... tokens);

    /** Returns the body of a refusal. */
    abstract String error(int status, String message);

    List<String> events() {
        return events(TOKENS);
    }

    /** Returns the first events of a stream, with two tokens. */
    List<String> half() {
        return events().subList(0, before() + 2);
    }

    /** Returns how many events come before the first token. */
    int before() {
        return this == ANTHROPIC ? 2 : 0;
    }

    Reply answer() {
        return Reply.json(200, json(TEXT));
    }

    Reply stream() {
        return stream(events());
    }

    static Reply stream(List<String> events) {
        return Reply.stream("text/event-stream", events.toArray(String[]::new));
    }

    /** Returns a stream of the first events and one more that is not one. */
    Reply half(String more) {
        List<String> events = new ArrayList<>(half());
        events.add(more);
        return stream(events);
    }

    Reply refusal(int status, String message) {
        return Reply.json(status, error(status, message));
    }

    /** Returns an answer in which one character is replaced by this byte. */
    Reply withByte(int value) {
        byte[] body = json(TEXT).getBytes(StandardCharsets.UTF_8);
        body[json(TEXT).indexOf("light")] = (byte) value;
        return Reply.json(200, "").body(body);
    }
}
