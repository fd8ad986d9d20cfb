package dev.llmproxy.redis;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.limit.Limits;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.time.Duration;

/** One of two processes that share a budget, and use it as fast as they can. What it sent, and when, is told on Redis. */
final class BudgetProcess {
    private BudgetProcess() {}

    public static void main(String[] args) throws IOException {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + args[0]);
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
                StatefulRedisConnection<String, String> own = client.connect(StringCodec.UTF8)) {
            RedisBudgets budgets = RedisBudgets.on(connection).patience(Duration.ofSeconds(10));
            Limits limits = Limits.perDeployment()
                    .requestsPerMinute(Long.parseLong(args[1]))
                    .sharedBy(budgets);
            try (LlmProxy proxy = LlmProxy.builder().limits(limits).build()) {
                meet(own.sync());
                long from = System.currentTimeMillis();
                int sent = Budgets.sent(proxy, Integer.parseInt(args[2]));
                String told = from + " " + System.currentTimeMillis() + " " + sent;
                own.sync().set("told-" + own.sync().incr("done"), told);
            }
        } finally {
            client.shutdown();
        }
    }

    /** Begins together with the other process. */
    private static void meet(RedisCommands<String, String> counts) {
        counts.incr("ready");
        while (!"2".equals(counts.get("ready"))) {
            Thread.onSpinWait();
        }
    }
}
