package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.Interceptor;

/** Puts the limits of an attempt on an OkHttp chain, which keeps them without ending the call. */
final class AttemptLimits {
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private AttemptLimits() {}

    /**
     * Limits a chain.
     *
     * @param streaming whether a stream is asked for; only asked where the limit for reading cannot be lifted
     */
    static Interceptor.Chain on(
            Interceptor.Chain chain, Attempt attempt, boolean readLimitCanBeLifted, BooleanSupplier streaming) {
        Interceptor.Chain limited = chain;
        int connect = millis(attempt.limit(Budget.CONNECT));
        if (connect != limited.connectTimeoutMillis()) {
            limited = limited.withConnectTimeout(connect, TimeUnit.MILLISECONDS);
        }
        int write = millis(attempt.limit(Budget.UPLOAD));
        if (write != limited.writeTimeoutMillis()) {
            limited = limited.withWriteTimeout(write, TimeUnit.MILLISECONDS);
        }
        int read = millis(readLimitCanBeLifted ? attempt.limit(Budget.FIRST_BYTE) : lasting(attempt, streaming));
        if (read != limited.readTimeoutMillis()) {
            limited = limited.withReadTimeout(read, TimeUnit.MILLISECONDS);
        }
        return limited;
    }

    // On HTTP/1 the limit stays on the socket for the body, unless the wire interceptor takes it off there.
    private static long lasting(Attempt attempt, BooleanSupplier streaming) {
        Budget first = streaming.getAsBoolean() ? Budget.FIRST_TOKEN : Budget.FIRST_BYTE;
        return Math.max(attempt.limit(first), attempt.limit(Budget.BETWEEN_BYTES) + GRACE_NANOS);
    }

    static int millis(long nanos) {
        // 0 would mean no limit.
        return nanos == 0 ? 0 : (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
}
