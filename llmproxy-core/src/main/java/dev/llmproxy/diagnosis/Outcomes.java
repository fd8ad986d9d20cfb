package dev.llmproxy.diagnosis;

import dev.llmproxy.event.CallInfo;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** How the last few attempts of the last minute came out, at all hosts. Adding takes no lock. Thread-safe. */
final class Outcomes {
    private static final int KEPT = 256;
    static final long RECENT_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicReferenceArray<@Nullable Outcome> ring = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong added = new AtomicLong();

    /**
     * How one attempt came out.
     *
     * @param call its call, which holds no prompt once it has ended
     * @param attempt its number
     * @param host where it was sent
     * @param key the fingerprint of the key, or empty
     * @param address the address that the connection led to, or empty where it is not known
     * @param cause why it failed, null where it was answered
     * @param at when, in nanoseconds of the ticker
     */
    record Outcome(
            CallInfo call,
            int attempt,
            String host,
            String key,
            String address,
            @Nullable FaultCause cause,
            long at) {
        boolean failed() {
            return cause != null;
        }

        private Attempted attempted() {
            return new Attempted(call, attempt);
        }

        String model() {
            return call.model().orElse("");
        }
    }

    // A call is nothing but itself.
    private record Attempted(CallInfo call, int attempt) {}

    void add(Outcome outcome) {
        ring.setRelease((int) (added.getAndIncrement() % KEPT), outcome);
    }

    /** Returns the last minute's outcomes; what failed after its headers had come counts as failed alone. */
    List<Outcome> recent(long now) {
        List<Outcome> recent = new ArrayList<>();
        Set<Attempted> failed = new HashSet<>();
        for (int i = 0; i < KEPT; i++) {
            Outcome outcome = ring.getAcquire(i);
            if (outcome != null && now - outcome.at <= RECENT_NANOS) {
                recent.add(outcome);
                if (outcome.failed()) {
                    failed.add(outcome.attempted());
                }
            }
        }
        recent.removeIf(outcome -> !outcome.failed() && failed.contains(outcome.attempted()));
        return recent;
    }
}
