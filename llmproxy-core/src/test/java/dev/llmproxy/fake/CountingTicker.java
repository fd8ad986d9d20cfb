package dev.llmproxy.fake;

import dev.llmproxy.chain.Ticker;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

/** The system's clock, which counts how often it is read. Nobody waits by it. Thread-safe. */
public final class CountingTicker implements Ticker {
    public final AtomicInteger reads = new AtomicInteger();

    @Override
    public long nanos() {
        reads.incrementAndGet();
        return Ticker.system().nanos();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public void park(long nanos) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public Repetition repeat(String name, LongUnaryOperator work) {
        throw new IllegalStateException("nothing is repeated here");
    }
}
