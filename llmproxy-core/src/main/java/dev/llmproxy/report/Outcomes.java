package dev.llmproxy.report;

import java.util.concurrent.atomic.LongAdder;

/** Counts how calls ended. Thread-safe. */
final class Outcomes {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();

    void succeeded() {
        succeeded.increment();
    }

    void failed() {
        failed.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    Report.Counts counts() {
        return new Report.Counts(succeeded.sum(), failed.sum(), cancelled.sum());
    }
}
