package dev.llmproxy.examples;

import dev.llmproxy.limit.Limits;
import dev.llmproxy.redis.RedisBudgets;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;

/** Shares the requests and tokens a minute of a deployment among all processes of an application. */
public final class ShareLimits {
    private ShareLimits() {}

    /**
     * Opens the connection, as an application does once.
     *
     * @param client the application's client, for instance of {@code rediss://llmproxy:password@redis.internal}
     * @return the limits; the application closes its client after the proxy
     */
    public static Limits over(RedisClient client) {
        return shared(client.connect(ByteArrayCodec.INSTANCE));
    }

    /** Limits what all processes send together. */
    static Limits shared(StatefulRedisConnection<byte[], byte[]> connection) {
        return Limits.perDeployment()
                .requestsPerMinute(600)
                .tokensPerMinute(90_000)
                .sharedBy(RedisBudgets.on(connection).prefix("shop"))
                .queueFor(Duration.ofSeconds(5));
    }
}
