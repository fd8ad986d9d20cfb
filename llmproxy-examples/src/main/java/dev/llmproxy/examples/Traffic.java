package dev.llmproxy.examples;

import dev.llmproxy.chain.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** An application with some users, who ask different models, for streams and for plain answers. */
final class Traffic {
    private static final int USERS = 6;
    private static final List<String> MODELS = List.of("gpt-4o-mini", "gpt-4o-mini", "gpt-4o", "gpt-4.1");

    private final OkHttpClient client;
    private final String base;

    Traffic(OkHttpClient client, String base) {
        this.client = client;
        this.base = base;
    }

    /** Asks for so many seconds. */
    void run(int seconds) throws InterruptedException {
        long end = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService users = Executors.newFixedThreadPool(USERS);
        for (int user = 0; user < USERS; user++) {
            Random random = new Random(user);
            users.execute(() -> {
                while (Ticker.system().nanos() < end) {
                    ask(MODELS.get(random.nextInt(MODELS.size())), random.nextBoolean());
                }
            });
        }
        users.shutdown();
        if (!users.awaitTermination(seconds + 60, TimeUnit.SECONDS)) {
            throw new AssertionError("a call does not end");
        }
    }

    private void ask(String model, boolean streamed) {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        Request request = new Request.Builder()
                .url(base + "/chat/completions")
                .post(RequestBody.create(body, MediaType.get("application/json")))
                .build();
        try (Response response = client.newCall(request).execute()) {
            response.body().source().readByteString();
        } catch (IOException e) {
            // The page tells it.
        }
    }
}
