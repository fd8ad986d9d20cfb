package dev.llmproxy.timeout;

import dev.llmproxy.chain.AttemptTimers;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ticker;
import org.jspecify.annotations.Nullable;

/** Makes the timers of each call from {@link Timeouts}. Thread-safe; to be closed with its proxy. */
public final class TimeoutTimers implements AttemptTimers.Factory, AutoCloseable {
    private final Limits limits;
    private final @Nullable Learning learning;
    private final Watchdog watchdog;

    /**
     * Constructs the factory.
     *
     * @param timeouts the budgets
     * @param ticker the time
     * @param readsRequests whether requests are read anyway: else they are only where budgets follow the model
     */
    public TimeoutTimers(Timeouts timeouts, Ticker ticker, boolean readsRequests) {
        this.limits = new Limits(timeouts);
        this.learning =
                timeouts.mode() == Adapt.OFF ? null : new Learning(new Adaptation(timeouts, limits, readsRequests));
        this.watchdog = Watchdog.open(ticker);
    }

    @Override
    public AttemptTimers start(CallContext call) {
        CallTimer timer = new CallTimer(call, limits, learning, watchdog);
        timer.start();
        return timer;
    }

    /**
     * Returns for how long this process did not run, as far as it was noticed.
     *
     * @param from the beginning of the time that is looked at, in nanoseconds of the ticker
     * @param to its end
     * @return nanoseconds
     */
    public long pausedNanos(long from, long to) {
        return watchdog.pausedNanos(from, to);
    }

    /** Lets running calls end; the watchdog stops with the last call of the last proxy. */
    @Override
    public void close() {
        watchdog.close();
    }
}
