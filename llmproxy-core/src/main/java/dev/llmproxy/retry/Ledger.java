package dev.llmproxy.retry;

import java.util.concurrent.atomic.LongAdder;

/** Adds up what retries do. Thread-safe. */
final class Ledger {
    private final LongAdder calls = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder possibleDuplicates = new LongAdder();
    private final LongAdder nested = new LongAdder();

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

    Retry.Counts counts() {
        return new Retry.Counts(calls.sum(), repeats.sum(), possibleDuplicates.sum(), nested.sum());
    }
}
