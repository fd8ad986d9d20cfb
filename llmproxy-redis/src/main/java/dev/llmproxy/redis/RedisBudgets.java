package dev.llmproxy.redis;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.limit.SharedBudgets;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps budgets of requests and tokens a minute on Redis or Valkey, where several processes share them. On Redis lie
 * nothing but numbers, under names that are hashes.
 *
 * <p>The connection is the application's own, which opens and closes it; it should be used for nothing that blocks it, and
 * for no transaction. Its user needs GET, EVAL, SET, PSETEX, TIME, ZADD, ZREMRANGEBYSCORE, ZCARD and PEXPIRE on the keys of
 * the {@linkplain #prefix prefix}. The clocks of the processes have to agree: by as much as one is ahead, it gives out once
 * what comes back in that time.
 *
 * <p>While Redis is not connected nothing is asked; after three failures in a row it is left alone but for one question each
 * three seconds. Each process keeps to its {@linkplain #share share} meanwhile.
 *
 * <p>Thread-safe. Setters return changed budgets and leave the others as they are.
 */
public final class RedisBudgets implements SharedBudgets {
    private static final String DEFAULT_PREFIX = "llmproxy";
    private static final Duration DEFAULT_PATIENCE = Duration.ofMillis(50);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(10);
    // A budget of which nothing was taken for so long is full, and is forgotten.
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final double BY_PROCESSES = 0;

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String prefix;
    private final Duration patience;
    private final double share;
    private final Ticker ticker;

    private final Asking asking;
    private final Guard guard;
    private final ProxyManager<byte[]> buckets;

    private RedisBudgets(
            StatefulRedisConnection<byte[], byte[]> connection,
            String prefix,
            Duration patience,
            double share,
            Ticker ticker) {
        this.connection = connection;
        this.prefix = prefix;
        this.patience = patience;
        this.share = share;
        this.ticker = ticker;
        this.asking = new Asking(connection, connection.async());
        this.guard = new Guard(ticker);
        this.buckets = Bucket4jLettuce.casBasedBuilder(connection)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                .build();
    }

    /**
     * Keeps budgets over a connection of the application.
     *
     * @param connection made with {@code ByteArrayCodec.INSTANCE}; remains the application's to close
     * @return the budgets
     */
    public static RedisBudgets on(StatefulRedisConnection<byte[], byte[]> connection) {
        return new RedisBudgets(connection, DEFAULT_PREFIX, DEFAULT_PATIENCE, BY_PROCESSES, Ticker.system());
    }

    /**
     * Sets what the names of all keys begin with. The default is {@code llmproxy}. Budgets are shared by those that have the
     * same.
     *
     * @param value 1 to 64 ASCII letters, digits and {@code . _ - :}
     * @return budgets that use it
     * @throws IllegalArgumentException if there are more, or others
     */
    public RedisBudgets prefix(String value) {
        return new RedisBudgets(connection, KeyNames.requirePrefix(value), patience, share, ticker);
    }

    /**
     * Sets for how long a call waits for Redis at the most, where nothing is left that was drawn before. The default is
     * 50 ms.
     *
     * @param value 1 ms to 10 seconds
     * @return budgets that use it
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public RedisBudgets patience(Duration value) {
        if (value.toMillis() < 1 || value.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException("patience: " + value + " (expected: 1 ms to 10 seconds)");
        }
        return new RedisBudgets(connection, prefix, value, share, ticker);
    }

    /**
     * Sets which part of each budget this process may use while Redis cannot be reached. The default is an equal one: of one
     * by as many as have drawn from the budget within half a minute, as far as this process has seen.
     *
     * @param part more than 0, to 1
     * @return budgets that use it
     * @throws IllegalArgumentException if it is anything else
     */
    public RedisBudgets share(double part) {
        if (!(part > 0 && part <= 1)) {
            throw new IllegalArgumentException("share: " + part + " (expected: more than 0, to 1)");
        }
        return new RedisBudgets(connection, prefix, patience, part, ticker);
    }

    RedisBudgets ticker(Ticker value) {
        return new RedisBudgets(connection, prefix, patience, share, value);
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public Budget open(String place, Limit unit, long perMinute, long atOnce) {
        BudgetNames names = new BudgetNames(prefix, place, unit, perMinute);
        Bandwidth bandwidth = Bandwidth.builder()
                .capacity(atOnce)
                .refillGreedy(perMinute, Duration.ofMinutes(1))
                .build();
        BucketConfiguration configuration =
                BucketConfiguration.builder().addLimit(bandwidth).build();
        AsyncBucketProxy bucket = buckets.asAsync()
                .builder()
                .build(names.bucket(), () -> CompletableFuture.completedFuture(configuration));
        Processes processes = share > 0 ? null : new Processes(asking, names, ticker);
        return new RedisBudget(bucket, asking, guard, processes, share, perMinute);
    }

    /** Returns the prefix, and what is set. */
    @Override
    public String toString() {
        return "Redis, keys " + prefix + ":budget:*, patience " + patience.toMillis() + " ms, " + guard;
    }
}
