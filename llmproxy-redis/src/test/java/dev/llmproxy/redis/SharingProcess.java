package dev.llmproxy.redis;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;

/** One of two processes with a proxy each and one Redis, which ask the same at the same time, each on several threads. */
final class SharingProcess {
    private static final Duration LONG = Duration.ofMinutes(1);

    private SharingProcess() {}

    /**
     * Asks.
     *
     * @param args the port of Redis, the URL of the provider, how many questions, on how many threads
     */
    public static void main(String[] args) throws Exception {
        int questions = Integer.parseInt(args[2]);
        int threads = Integer.parseInt(args[3]);
        RedisClient redis = RedisClient.create("redis://127.0.0.1:" + args[0]);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (StatefulRedisConnection<byte[], byte[]> connection = redis.connect(ByteArrayCodec.INSTANCE);
                StatefulRedisConnection<String, String> own = redis.connect(StringCodec.UTF8);
                LlmProxy proxy = LlmProxy.builder()
                        .cache(ResponseCache.in(RedisStore.on(connection, RedisServer.KEY)
                                .budget(LONG)
                                .patience(LONG)))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            for (int i = 0; i < questions; i++) {
                meet(own.sync(), "round-" + i);
                String question = "question-" + i + "!";
                if (i % 2 == 0) {
                    requireAll(executor, threads, () -> Questions.ask(client, args[1], "acme", question), question);
                } else {
                    requireAll(
                            executor,
                            threads,
                            () -> Questions.askStreamed(client, args[1], "acme", question),
                            question);
                }
            }
            client.connectionPool().evictAll();
        } finally {
            executor.shutdownNow();
            redis.shutdown();
        }
    }

    private static void meet(RedisCommands<String, String> counts, String place) {
        counts.incr(place);
        while (!"2".equals(counts.get(place))) {
            Thread.onSpinWait();
        }
    }

    private static void requireAll(ExecutorService executor, int threads, Callable<String> asking, String question)
            throws Exception {
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(asking);
        }
        for (Future<String> answer : executor.invokeAll(all)) {
            if (!answer.get().contains("acme " + question)) {
                throw new IOException("not the answer to " + question + ": " + answer.get());
            }
        }
    }
}
