package dev.llmproxy.report;

import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the response cache has done. Thread-safe. */
final class CacheLedger {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder coalesced = new LongAdder();
    private final LongAdder tokens = new LongAdder();

    void add(CacheLookedUp lookup) {
        switch (lookup.outcome()) {
            case HIT -> hits.increment();
            case MISS -> misses.increment();
            case STALE -> stale.increment();
            case COALESCED -> coalesced.increment();
            case BYPASS -> {
                return;
            }
        }
        tokens.add(Math.max(0, lookup.tokens()));
    }

    Report.CacheCounts counts() {
        return new Report.CacheCounts(hits.sum(), misses.sum(), stale.sum(), coalesced.sum(), tokens.sum());
    }
}
