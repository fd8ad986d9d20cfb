package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;

/** Puts the limits of an attempt on an OkHttp chain, which keeps them without ending the call. */
final class AttemptLimits {
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private AttemptLimits() {}

    /** Limits a chain whose limit for reading is lifted when the answer begins. */
    static Interceptor.Chain on(Interceptor.Chain chain, Attempt attempt) {
        return on(chain, attempt, attempt.limit(Budget.FIRST_BYTE));
    }

    /**
     * Limits a chain whose limit for reading stays on the socket for the body, as on HTTP/1 without the wire interceptor.
     *
     * @param streaming whether a stream is asked for
     */
    static Interceptor.Chain lasting(Interceptor.Chain chain, Attempt attempt, boolean streaming) {
        Budget first = streaming ? Budget.FIRST_TOKEN : Budget.FIRST_BYTE;
        return on(chain, attempt, Math.max(attempt.limit(first), attempt.limit(Budget.BETWEEN_BYTES) + GRACE_NANOS));
    }

    private static Interceptor.Chain on(Interceptor.Chain chain, Attempt attempt, long readNanos) {
        Interceptor.Chain limited = chain;
        int connect = millis(attempt.limit(Budget.CONNECT));
        if (connect != limited.connectTimeoutMillis()) {
            limited = limited.withConnectTimeout(connect, TimeUnit.MILLISECONDS);
        }
        int write = millis(attempt.limit(Budget.UPLOAD));
        if (write != limited.writeTimeoutMillis()) {
            limited = limited.withWriteTimeout(write, TimeUnit.MILLISECONDS);
        }
        int read = millis(readNanos);
        if (read != limited.readTimeoutMillis()) {
            limited = limited.withReadTimeout(read, TimeUnit.MILLISECONDS);
        }
        return limited;
    }

    static int millis(long nanos) {
        // 0 would mean no limit.
        return nanos == 0 ? 0 : (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
}
