package dev.llmproxy.examples;

import dev.llmproxy.cache.CacheStore;
import dev.llmproxy.call.Secret;
import dev.llmproxy.redis.RedisStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;

/** Keeps answers on Redis, where all processes of an application find them. */
public final class ShareAnswers {
    private ShareAnswers() {}

    /**
     * Opens the connection, as an application does once.
     *
     * @param client the application's client, for instance of {@code rediss://llmproxy:password@redis.internal}
     * @param key the text of a secret of at least 32 bytes, the same in all processes
     * @return the store; the application closes its client after the proxy
     */
    public static CacheStore over(RedisClient client, String key) {
        return shared(client.connect(ByteArrayCodec.INSTANCE), Secret.of(key));
    }

    /** Keeps answers where all processes of the application find them. */
    static CacheStore shared(StatefulRedisConnection<byte[], byte[]> connection, Secret key) {
        return RedisStore.on(connection, key).prefix("shop");
    }
}
