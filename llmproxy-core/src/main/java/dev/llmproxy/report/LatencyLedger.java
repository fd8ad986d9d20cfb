package dev.llmproxy.report;

import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.report.Report.PhaseLatency;
import dev.llmproxy.report.Report.PhaseLatency.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** How long the parts of answered attempts took, by place. Thread-safe. */
final class LatencyLedger {
    private static final int MOST_PLACES = 128;
    private static final Part[] PARTS = Part.values();

    private final Places<Place, Parts> places = new Places<>(MOST_PLACES, place -> Place.OTHERS, Parts::new);
    // Most calls go where the one before went.
    private volatile @Nullable Known last;

    private record Known(Place place, Parts parts) {}

    void answered(String name, String model, PhaseTimes times) {
        Parts parts = partsOf(name, model);
        for (Part part : PARTS) {
            long nanos = nanosOf(part, times);
            if (nanos >= 0) {
                parts.of(part).record(nanos);
            }
        }
    }

    private Parts partsOf(String name, String model) {
        Known before = last;
        if (before != null && before.place.is(name, model)) {
            return before.parts;
        }
        Place place = Place.of(name, model);
        Parts parts = places.of(place);
        last = new Known(place, parts);
        return parts;
    }

    private static long nanosOf(Part part, PhaseTimes times) {
        return switch (part) {
            case QUEUE -> times.nanosIn(Phase.QUEUE);
            case DNS -> times.nanosIn(Phase.DNS);
            case CONNECT -> times.nanosIn(Phase.CONNECT);
            case TLS -> times.nanosIn(Phase.TLS);
            case SEND -> times.nanosIn(Phase.SEND);
            case WAIT -> times.nanosBetween(Phase.WAIT, Phase.FIRST_BYTE);
            case FIRST_TOKEN -> times.nanosBetween(Phase.WAIT, Phase.FIRST_TOKEN);
            case ANSWER ->
                times.nanosBetween(times.reached(Phase.FIRST_TOKEN) ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE, Phase.END);
            case WHOLE -> times.nanosBetween(Phase.QUEUE, Phase.END);
        };
    }

    /** Returns what was measured, by place and then in the order of the parts. */
    List<PhaseLatency> rows() {
        List<PhaseLatency> rows = new ArrayList<>();
        places.all().forEach((place, parts) -> {
            for (Part part : PARTS) {
                Histogram of = parts.known(part);
                if (of != null) {
                    rows.add(row(place, part, of));
                }
            }
        });
        rows.sort(Comparator.comparing(PhaseLatency::place).thenComparing(PhaseLatency::part));
        return rows;
    }

    private static PhaseLatency row(Place place, Part part, Histogram of) {
        return new PhaseLatency(
                place.toString(),
                part,
                of.count(),
                Duration.ofNanos(of.quantile(0.5)),
                Duration.ofNanos(of.quantile(0.95)),
                Duration.ofNanos(of.quantile(0.99)),
                Duration.ofNanos(of.longest()));
    }

    /** The parts of one place; most places have no use for all of them. */
    private static final class Parts {
        private final AtomicReferenceArray<@Nullable Histogram> parts = new AtomicReferenceArray<>(PARTS.length);

        Histogram of(Part part) {
            Histogram known = known(part);
            if (known != null) {
                return known;
            }
            Histogram made = new Histogram();
            Histogram before = parts.compareAndExchange(part.ordinal(), null, made);
            return before == null ? made : before;
        }

        @Nullable
        Histogram known(Part part) {
            return parts.get(part.ordinal());
        }
    }
}
