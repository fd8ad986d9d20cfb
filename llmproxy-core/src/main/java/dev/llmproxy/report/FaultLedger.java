package dev.llmproxy.report;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.FaultSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Faults folded by cause and place. Thread-safe. */
final class FaultLedger {
    private static final int MOST = 256;
    private static final Comparator<FaultSummary> MOST_FIRST = Comparator.comparingLong(FaultSummary::count)
            .reversed()
            .thenComparing(FaultSummary::last, Comparator.reverseOrder())
            .thenComparing(FaultSummary::place);

    // Causes are never mixed: which of them explain the failures is what is asked first.
    private final Places<Key, Tally> tallies = new Places<>(MOST, key -> new Key(key.cause, Place.OTHERS), Tally::new);

    void add(Place place, Fault fault, long count, Instant now) {
        tallies.of(new Key(fault.cause(), place)).add(fault, count, now);
    }

    /** Returns a line for each cause at each place, the most frequent first. */
    List<FaultSummary> summaries() {
        List<FaultSummary> all = new ArrayList<>();
        tallies.all().forEach((key, tally) -> {
            FaultSummary summary = tally.summary(key.place);
            if (summary != null) {
                all.add(summary);
            }
        });
        all.sort(MOST_FIRST);
        return all;
    }

    private record Key(FaultCause cause, Place place) {}

    /** Faults of one cause at one place. */
    private static final class Tally {
        private long count;
        private @Nullable Instant first;
        private @Nullable Instant last;
        private @Nullable Fault example;

        synchronized void add(Fault fault, long more, Instant now) {
            count += more;
            // A clock may be set back.
            first = first == null || now.isBefore(first) ? now : first;
            last = last == null || now.isAfter(last) ? now : last;
            if (example == null || fault.confidence() >= example.confidence()) {
                example = fault;
            }
        }

        synchronized @Nullable FaultSummary summary(Place place) {
            return first == null || last == null || example == null
                    ? null
                    : new FaultSummary(place.toString(), count, first, last, example);
        }
    }
}
