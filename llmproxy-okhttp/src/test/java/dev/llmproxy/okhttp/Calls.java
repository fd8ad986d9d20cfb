package dev.llmproxy.okhttp;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Requests as applications send them. */
final class Calls {
    static final String PROMPT = "canary-prompt-4711";
    static final String CHAT =
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";
    static final String ANSWER =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
                    + "\"finish_reason\":\"stop\"}]}";
    /** The first event of a streamed answer. */
    static final String CHUNK = chunk("{\"role\":\"assistant\",\"content\":\"n1\"}", "null");
    /** The last event of a streamed answer, before its terminator. */
    static final String LAST_CHUNK = chunk("{\"content\":\"n2\"}", "\"stop\"");

    private static final MediaType JSON = MediaType.get("application/json");

    private Calls() {}

    private static String chunk(String delta, String finishReason) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }

    static RequestBody json(String text) {
        return RequestBody.create(text, JSON);
    }

    static Request chat(String url) {
        return new Request.Builder().url(url).post(json(CHAT)).build();
    }

    static Request streamedChat(String url) {
        return chat(url)
                .newBuilder()
                .post(json(CHAT.replaceFirst("\\{", "{\"stream\":true,")))
                .build();
    }

    /** Runs a call on a thread of its own. */
    static CompletableFuture<String> inBackground(Call call) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (Response response = call.execute()) {
                result.complete(response.body().string());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Runs a call by {@code enqueue}. */
    static CompletableFuture<String> enqueue(Call call) {
        CompletableFuture<String> result = new CompletableFuture<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                result.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    result.complete(response.body().string());
                } catch (IOException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            }
        });
        return result;
    }

    static void release(OkHttpClient client) {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
