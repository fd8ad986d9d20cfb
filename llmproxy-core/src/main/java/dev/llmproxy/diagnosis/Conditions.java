package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells conditions, each cause at each place at most once a minute, and counts those in between. Thread-safe. */
final class Conditions {
    private static final long APART_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 256;

    private final Ticker ticker;
    private final Consumer<LlmEvent> listener;
    private final Map<Key, Count> counts = new ConcurrentHashMap<>();

    private record Key(FaultCause cause, String place) {}

    Conditions(Ticker ticker, Consumer<LlmEvent> listener) {
        this.ticker = ticker;
        this.listener = listener;
    }

    /**
     * Notes a condition.
     *
     * @param explained what is told of it, asked for only when it is; null where it turns out to be none
     */
    void notice(FaultCause cause, String place, Supplier<@Nullable Fault> explained) {
        long now = ticker.nanos();
        Count count = countOf(new Key(cause, place), now);
        if (count == null || !count.isDue(now)) {
            return;
        }
        Fault condition = explained.get();
        long noticed = condition == null ? 0 : count.told(now);
        if (condition != null && noticed > 0) {
            listener.accept(new LlmEvent.ConditionDetected(condition, noticed));
        }
    }

    private @Nullable Count countOf(Key key, long now) {
        Count known = counts.get(key);
        if (known != null) {
            return known;
        }
        if (counts.size() >= MOST) {
            counts.values().removeIf(count -> count.isOver(now));
        }
        return counts.size() < MOST ? counts.computeIfAbsent(key, unused -> new Count()) : null;
    }

    /** How often one condition was noticed since it was told. */
    private static final class Count {
        private boolean known;
        private long toldAt;
        private long pending;

        synchronized boolean isDue(long now) {
            boolean due = !known || now - toldAt >= APART_NANOS;
            // Whoever tells it counts itself.
            pending += due ? 0 : 1;
            return due;
        }

        /** Returns how often it was noticed, or 0 where another thread tells it. */
        synchronized long told(long now) {
            if (!isDue(now)) {
                return 0;
            }
            long noticed = pending + 1;
            known = true;
            toldAt = now;
            pending = 0;
            return noticed;
        }

        synchronized boolean isOver(long now) {
            return !known || now - toldAt >= APART_NANOS;
        }
    }
}
