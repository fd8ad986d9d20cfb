package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Calls wait in the HTTP client's own queue, because it runs only so many at once. */
final class QueueCondition {
    private static final long LONG_NANOS = Duration.ofMillis(200).toNanos();
    // Below this a wait may be the start of a thread.
    private static final long SHORT_NANOS = Duration.ofMillis(10).toNanos();
    private static final double SHARE = 0.5;
    // Arrivals are not even.
    private static final double MARGIN = 1.3;

    private QueueCondition() {}

    /**
     * Says whether a wait matters.
     *
     * @param waited how long the call waited
     * @param afterwards how long it took from then to its first byte or its failure
     */
    static boolean isLong(long waited, long afterwards) {
        return waited >= LONG_NANOS || (waited >= SHORT_NANOS && waited >= SHARE * (waited + afterwards));
    }

    /** Explains the wait, or returns null where the client had room and something else held the call. */
    static @Nullable Fault explain(Place place, ClientFacts.Load load, long waited, long afterwards) {
        if (!load.isFull()) {
            return null;
        }
        long each = place.attemptNanos() == 0 ? afterwards : place.attemptNanos();
        int there = needed(load, each);
        Fault.Builder fault = Fault.builder(FaultCause.DISPATCHER_QUEUE)
                .confidence(0.95)
                .where(place.name())
                .summary("calls to " + place.name() + " wait in the HTTP client's own queue: it runs "
                        + (load.isHostFull() ? load.mostThere() + " at once to one host" : load.most() + " at once"))
                .evidence("waited", Units.time(waited))
                .evidence("share of the time to the first byte", percent(waited, waited + afterwards))
                .evidence("running there", load.runningThere() + " of " + load.mostThere())
                .evidence("running", load.running() + " of " + load.most())
                .evidence("waiting there", load.queuedThere())
                .evidence("one attempt takes", Units.time(each))
                .ruledOut("the provider: it had not been asked yet");
        if (load.isHostFull()) {
            fault.remedy(
                    "let as many calls run to one host as arrive while one of them takes its time, and 30 % more",
                    "Dispatcher.setMaxRequestsPerHost(" + there + ")");
        }
        int all = load.running() - load.runningThere() + there;
        if (all > load.most()) {
            fault.remedy("let as many calls run in all", "Dispatcher.setMaxRequests(" + all + ")");
        }
        return fault.build();
    }

    // Little's law: as many are there at once as arrive in the time that one takes.
    private static int needed(ClientFacts.Load load, long each) {
        double known = load.runningThere() + load.queuedThere();
        double within = Math.max(1, Math.max(each, load.arrival().toNanos()));
        long needed = (long) Math.ceil(MARGIN * known / within * each);
        // As many as there are now are too few.
        long least = (long) Math.ceil(MARGIN * Math.max(1, load.runningThere()));
        return (int) Math.min(Math.max(least, needed), Integer.MAX_VALUE / 2);
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * part / Math.max(1, whole));
    }
}
