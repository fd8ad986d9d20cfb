package dev.llmproxy.examples;

import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers most requests after a time that differs, and the others in one of the ways in which providers fail. */
final class TroubledProvider implements Function<ReceivedRequest, Reply> {
    private static final Pattern MODEL = Pattern.compile("\"model\":\"([^\"]*)\"");
    private static final String[] TOKENS = {"Blue ", "light ", "is ", "scattered ", "most", "."};
    private static final int MANY = 900;

    private final Random random;
    private final int failing;

    /** Constructs one of whose answers so many of a hundred fail. */
    TroubledProvider(long seed, int failing) {
        this.random = new Random(seed);
        this.failing = failing;
    }

    // Called by all connections.
    @Override
    public synchronized Reply apply(ReceivedRequest request) {
        Matcher model = MODEL.matcher(request.bodyText());
        String asked = model.find() ? model.group(1) : "";
        boolean streamed = request.bodyText().contains("\"stream\":true");
        if (random.nextInt(100) < failing) {
            return failure(streamed);
        }
        Duration thinking = Duration.ofMillis((long) (pace(asked) * Math.exp(random.nextGaussian() / 2)));
        return answer(asked, streamed).afterRequest().pause(thinking);
    }

    private static long pace(String model) {
        return model.endsWith("mini") ? 60 : 240;
    }

    private Reply answer(String model, boolean streamed) {
        int input = 200 + random.nextInt(MANY);
        int output = 20 + random.nextInt(MANY / 3);
        String usage = "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                .formatted(input, output, input + output);
        if (!streamed) {
            return Reply.json(200, """
                    {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"%s",\
                    "choices":[{"index":0,"message":{"role":"assistant","content":"Because.","refusal":null},\
                    "logprobs":null,"finish_reason":"stop"}],%s}""".formatted(model, usage));
        }
        String[] events = Replies.chatEvents(TOKENS).stream()
                .map(event -> event.replace("\"finish_reason\":\"stop\"}]", "\"finish_reason\":\"stop\"}]," + usage))
                .toArray(String[]::new);
        return Reply.stream("text/event-stream", events).eventsEvery(Duration.ofMillis(5 + random.nextInt(60)));
    }

    private Reply failure(boolean streamed) {
        int kind = random.nextInt(10);
        if (kind < 5) {
            return Replies.rateLimit().header("Retry-After", "1");
        }
        if (kind < 7) {
            return Reply.json(503, "{\"error\":{\"message\":\"The server is overloaded.\",\"type\":\"server_error\"}}");
        }
        if (kind < 8) {
            return Replies.webPage();
        }
        return streamed
                ? Replies.chatStream(TOKENS)
                        .eventsEvery(Duration.ofMillis(20))
                        .afterEvent(3)
                        .cut()
                : Reply.none();
    }
}
