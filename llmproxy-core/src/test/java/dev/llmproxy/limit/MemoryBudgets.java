package dev.llmproxy.limit;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Budgets that proxies of one test share: exact, answered at once, never, or with a failure. */
final class MemoryBudgets implements SharedBudgets {
    static final Duration PATIENCE = Duration.ofMillis(50);

    /** How the budgets answer. */
    enum State {
        UP,
        SILENT,
        DOWN
    }

    final AtomicInteger draws = new AtomicInteger();
    volatile State state = State.UP;
    volatile double share = 0.5;
    volatile CompletableFuture<Long> last = new CompletableFuture<>();

    private final Map<String, Shared> all = new ConcurrentHashMap<>();
    private final Ticker ticker;

    MemoryBudgets(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public Budget open(String place, Limit unit, long perMinute, long atOnce) {
        return all.computeIfAbsent(place + " " + unit, key -> new Shared(perMinute, atOnce));
    }

    /** Returns how many there are of what there is only one budget of. */
    double left() {
        return all.values().iterator().next().now();
    }

    @Override
    public String toString() {
        return "memory";
    }

    private final class Shared implements Budget {
        private final double perNano;
        private final long atOnce;
        private double left;
        private long at;

        Shared(long perMinute, long atOnce) {
            this.perNano = (double) perMinute / (double) Duration.ofMinutes(1).toNanos();
            this.atOnce = atOnce;
            this.left = (double) atOnce;
            this.at = ticker.nanos();
        }

        synchronized double now() {
            long now = ticker.nanos();
            left = Math.min((double) atOnce, left + (double) (now - at) * perNano);
            at = now;
            return left;
        }

        @Override
        public synchronized CompletableFuture<Long> draw(long most) {
            draws.incrementAndGet();
            last = new CompletableFuture<>();
            switch (state) {
                case UP -> {
                    long taken = Math.max(0, Math.min(most, (long) now()));
                    left -= (double) taken;
                    last.complete(taken);
                }
                case SILENT -> {}
                case DOWN -> last.completeExceptionally(new IOException("canary of a host"));
            }
            return last;
        }

        @Override
        public synchronized CompletableFuture<Void> settle(long count) {
            left = Math.min((double) atOnce, now() + (double) count);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public double share() {
            return share;
        }
    }
}
