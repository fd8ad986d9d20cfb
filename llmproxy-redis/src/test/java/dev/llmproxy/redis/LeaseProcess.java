package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheStore.Lease;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** One of two processes that want the same answers at the same time. Fetching one takes a while, and is counted on Redis. */
final class LeaseProcess {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long FETCHING_NANOS = 5_000_000;

    private final RedisStore store;
    private final RedisCommands<String, String> counts;

    private LeaseProcess(RedisStore store, RedisCommands<String, String> counts) {
        this.store = store;
        this.counts = counts;
    }

    public static void main(String[] args) throws IOException {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + args[0]);
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
                StatefulRedisConnection<String, String> own = client.connect(StringCodec.UTF8)) {
            RedisStore store = RedisStore.on(connection, RedisServer.KEY).budget(Duration.ofSeconds(20));
            LeaseProcess process = new LeaseProcess(store, own.sync());
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                process.meet(i);
                process.haveAnswer(Samples.key(i));
            }
        } finally {
            client.shutdown();
        }
    }

    /** Begins each answer together with the other process. */
    private void meet(int round) {
        String place = "round-" + round;
        counts.incr(place);
        while (!"2".equals(counts.get(place))) {
            Thread.onSpinWait();
        }
    }

    private void haveAnswer(CacheKey key) throws IOException {
        while (store.get(key).isEmpty()) {
            Optional<Lease> lease = store.lease(key, LONG);
            if (lease.isPresent()) {
                fetchUnlessThere(key);
                lease.get().close();
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    // It may have been put between our look and the lease.
    private void fetchUnlessThere(CacheKey key) throws IOException {
        if (store.get(key).isEmpty()) {
            counts.incr("fetched");
            counts.hincrby("fetched-by", "" + ProcessHandle.current().pid(), 1);
            LockSupport.parkNanos(FETCHING_NANOS);
            store.put(key, Samples.answer(key, 500), LONG);
        }
    }
}
