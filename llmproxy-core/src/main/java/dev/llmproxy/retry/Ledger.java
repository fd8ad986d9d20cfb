package dev.llmproxy.retry;

import java.util.concurrent.atomic.LongAdder;

/** Adds up what retries do. Thread-safe. */
final class Ledger {
    private final LongAdder calls = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder possibleDuplicates = new LongAdder();
    private final LongAdder nested = new LongAdder();
    private final LongAdder hedges = new LongAdder();
    private final LongAdder hedgesFirst = new LongAdder();
    private final LongAdder hedgedTokens = new LongAdder();

    void callFailed() {
        calls.increment();
    }

    void repeated(boolean mayBillTwice) {
        repeats.increment();
        if (mayBillTwice) {
            possibleDuplicates.increment();
        }
    }

    void nested() {
        nested.increment();
    }

    void hedged() {
        hedges.increment();
    }

    void hedgeEnded(boolean first, long promptTokens) {
        hedgesFirst.add(first ? 1 : 0);
        hedgedTokens.add(Math.max(0, promptTokens));
    }

    Retry.Counts counts() {
        return new Retry.Counts(
                calls.sum(),
                repeats.sum(),
                possibleDuplicates.sum(),
                nested.sum(),
                hedges.sum(),
                hedgesFirst.sum(),
                hedgedTokens.sum());
    }
}
