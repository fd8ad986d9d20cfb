package dev.llmproxy.cache;

import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of calls and answers. Thread-safe. */
final class Tally {
    final LongAdder stored = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder storeFailures = new LongAdder();
    private final LongAdder[] outcomes = new LongAdder[CacheLookedUp.Outcome.values().length];

    Tally() {
        Arrays.setAll(outcomes, i -> new LongAdder());
    }

    void add(CacheLookedUp.Outcome outcome) {
        outcomes[outcome.ordinal()].increment();
    }

    long of(CacheLookedUp.Outcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }

    @Override
    public String toString() {
        return Arrays.toString(outcomes);
    }
}
