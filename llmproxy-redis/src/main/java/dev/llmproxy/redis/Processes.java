package dev.llmproxy.redis;

import dev.llmproxy.chain.Ticker;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import okio.ByteString;

/**
 * How many processes draw from one budget: each writes now and then, by the clock of Redis, that it is there. Known by
 * nothing but a random number. Thread-safe.
 */
final class Processes {
    static final Duration BETWEEN = Duration.ofSeconds(5);
    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

    private static final int ID_BYTES = 8;
    private static final String SEEN =
            "local now = redis.call('time') local ms = now[1] * 1000 + math.floor(now[2] / 1000) "
                    + "redis.call('zadd', KEYS[1], ms, ARGV[1]) "
                    + "redis.call('zremrangebyscore', KEYS[1], '-inf', ms - ARGV[2]) "
                    + "redis.call('pexpire', KEYS[1], ARGV[2]) "
                    + "return redis.call('zcard', KEYS[1])";

    private final Asking asking;
    private final byte[] name;
    private final byte[] id;
    private final byte[] forgottenAfter;
    private final Ticker ticker;
    private final AtomicLong nextAt;
    private volatile long count = 1;

    Processes(Asking asking, BudgetNames names, Ticker ticker) {
        this.asking = asking;
        this.name = names.processes();
        this.ticker = ticker;
        this.nextAt = new AtomicLong(ticker.nanos());
        this.forgottenAfter = ascii("" + FORGOTTEN_AFTER.toMillis());
        byte[] random = new byte[ID_BYTES];
        new SecureRandom().nextBytes(random);
        this.id = ascii(ByteString.of(random).hex());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns how many there were when this was last heard of. */
    long count() {
        return count;
    }

    /** Says that this process is there, at most once in a while. */
    void seen() {
        long now = ticker.nanos();
        long next = nextAt.get();
        if (next - now > 0 || !nextAt.compareAndSet(next, now + BETWEEN.toNanos())) {
            return;
        }
        try {
            asking.<Long>tell(
                    "count processes",
                    commands -> commands.eval(SEEN, ScriptOutputType.INTEGER, new byte[][] {name}, id, forgottenAfter),
                    (there, failure) -> count = there == null ? count : Math.max(1, there));
        } catch (IOException e) {
            // It is said again.
        }
    }

    @Override
    public String toString() {
        return count + " processes";
    }
}
