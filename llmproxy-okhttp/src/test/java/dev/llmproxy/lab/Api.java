package dev.llmproxy.lab;

import dev.llmproxy.testing.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** The wire formats that the laboratory speaks. */
enum Api {
    OPENAI("gpt-4o") {
        @Override
        String path(boolean streaming) {
            return "/v1/chat/completions";
        }

        @Override
        String body(boolean streaming, String prompt) {
            return "{\"model\":\"gpt-4o\",\"stream\":" + streaming + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                    + prompt + "\"}]}";
        }

        @Override
        String plain(String text, String finish) {
            return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1764200000,\"model\":\"gpt-4o\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                    + "\"},\"finish_reason\":\"" + finish + "\"}],"
                    + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":7,\"total_tokens\":16}}";
        }

        @Override
        List<String> events(List<String> texts) {
            List<String> events = new ArrayList<>();
            for (String text : texts) {
                events.add("data: " + chunk("{\"content\":\"" + text + "\"}", "null") + "\n\n");
            }
            events.add("data: " + chunk("{}", "\"stop\"") + "\n\n");
            events.add("data: [DONE]\n\n");
            return events;
        }

        private String chunk(String delta, String finish) {
            return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1764200000,"
                    + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":"
                    + finish
                    + "}]}";
        }

        @Override
        String limitWord() {
            return "length";
        }

        @Override
        String stopWord() {
            return "stop";
        }

        @Override
        void sign(Request.Builder request, String key) {
            request.header("Authorization", "Bearer " + key);
        }
    },
    ANTHROPIC("claude-sonnet-4-5") {
        @Override
        String path(boolean streaming) {
            return "/v1/messages";
        }

        @Override
        String body(boolean streaming, String prompt) {
            return "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":100,\"stream\":" + streaming
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        }

        @Override
        String plain(String text, String finish) {
            return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}],\"stop_reason\":\"" + finish
                    + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":7}}";
        }

        @Override
        List<String> events(List<String> texts) {
            List<String> events = new ArrayList<>();
            events.add(event(
                    "message_start",
                    "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
                            + "\"model\":\"claude-sonnet-4-5\",\"stop_reason\":null,\"stop_sequence\":null,"
                            + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}"));
            events.add(event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
            for (String text : texts) {
                events.add(event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}"));
            }
            events.add(event("content_block_stop", "\"index\":0"));
            events.add(event(
                    "message_delta",
                    "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}"));
            events.add("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
            return events;
        }

        private String event(String type, String rest) {
            return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + rest + "}\n\n";
        }

        @Override
        String limitWord() {
            return "max_tokens";
        }

        @Override
        String stopWord() {
            return "end_turn";
        }

        @Override
        void sign(Request.Builder request, String key) {
            request.header("x-api-key", key).header("anthropic-version", "2023-06-01");
        }
    },
    GEMINI("gemini-2.5-flash") {
        @Override
        String path(boolean streaming) {
            return "/v1beta/models/gemini-2.5-flash:"
                    + (streaming ? "streamGenerateContent?alt=sse" : "generateContent");
        }

        @Override
        String body(boolean streaming, String prompt) {
            return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + prompt + "\"}]}]}";
        }

        @Override
        String plain(String text, String finish) {
            return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text
                    + "\"}],\"role\":\"model\"},\"finishReason\":\"" + finish + "\",\"index\":0}],"
                    + "\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":7,\"totalTokenCount\":16},"
                    + "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r1\"}";
        }

        @Override
        List<String> events(List<String> texts) {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                boolean last = i == texts.size() - 1;
                events.add("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + texts.get(i)
                        + "\"}],\"role\":\"model\"}" + (last ? ",\"finishReason\":\"STOP\"" : "")
                        + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":" + (i + 1)
                        + ",\"totalTokenCount\":" + (i + 10)
                        + "},\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r1\"}\n\n");
            }
            return events;
        }

        @Override
        String limitWord() {
            return "MAX_TOKENS";
        }

        @Override
        String stopWord() {
            return "STOP";
        }

        @Override
        void sign(Request.Builder request, String key) {
            request.header("x-goog-api-key", key);
        }
    };

    private static final MediaType JSON = MediaType.get("application/json");
    private static final List<String> WORDS = List.of("Blue ", "light ", "is ", "scattered ", "most", " by ", "air");

    private final String model;

    Api(String model) {
        this.model = model;
    }

    String model() {
        return model;
    }

    abstract String path(boolean streaming);

    abstract String body(boolean streaming, String prompt);

    /** Returns the JSON of a plain answer. */
    abstract String plain(String text, String finish);

    /** Returns the events of a streamed answer, terminator included. */
    abstract List<String> events(List<String> texts);

    /** Returns the finish reason of an answer that was cut by its token limit. */
    abstract String limitWord();

    abstract String stopWord();

    abstract void sign(Request.Builder request, String key);

    Request request(String base, boolean streaming, String prompt) {
        Request.Builder request = new Request.Builder().url(base + path(streaming));
        sign(request, "test-key");
        return request.post(RequestBody.create(body(streaming, prompt), JSON)).build();
    }

    /** Returns a whole and healthy answer of some length. */
    Reply answer(boolean streaming, Random random) {
        return streaming
                ? stream(events(words(random)))
                : Reply.json(200, plain(String.join("", words(random)), stopWord()));
    }

    static Reply stream(List<String> events) {
        return Reply.stream("text/event-stream", events.toArray(String[]::new));
    }

    /** Returns some pieces of text, at least three. */
    static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        int count = 3 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return words;
    }

    static Api any(Random random) {
        return values()[random.nextInt(values().length)];
    }
}
