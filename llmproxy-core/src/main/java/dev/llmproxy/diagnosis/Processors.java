package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import java.util.Locale;

/** What this process had of the processors, and how many it needs. */
final class Processors {
    private static final double RESERVE = 1.2;
    private static final double MOST_MISSED = 0.9;
    private static final String FEWER_THREADS =
            "let fewer threads compute at once: at most as many as there are processors";

    private Processors() {}

    static Fault.Builder advise(LocalTrouble trouble, Vitals vitals, Fault.Builder fault) {
        double used = trouble.stall().cpu().processorsUsed();
        double allowed = vitals.cpuQuota() > 0 ? vitals.cpuQuota() : vitals.processors();
        if (used >= 0) {
            fault.evidence("processors used", text(used) + " of " + text(allowed));
        }
        if (vitals.threads().used() > 0) {
            fault.evidence("threads", vitals.threads().used());
        }
        if (trouble.attribution().isCrowdedOut()) {
            return fault.remedy(FEWER_THREADS)
                    .remedy("keep other work away from these processors, or use more of them");
        }
        String enough = text(needed(trouble, allowed));
        return vitals.cpuQuota() > 0
                ? fault.remedy("raise the CPU limit of the container from " + text(allowed) + " to " + enough)
                : fault.remedy("give this process at least " + enough + " processors instead of " + text(allowed)
                                + ", or keep other work away from them")
                        .remedy(FEWER_THREADS);
    }

    /** Returns the processors with which the wait would have been missed by nobody, with a reserve. */
    static double needed(LocalTrouble trouble, double allowed) {
        Attribution attribution = trouble.attribution();
        double waited = Math.max(1, trouble.waited().time().nanos());
        double missed = Math.max(attribution.missedNanos(), attribution.lateNanos());
        double ran = 1 - Math.min(MOST_MISSED, missed / waited);
        return Math.ceil(10 * RESERVE * allowed / ran) / 10;
    }

    static String text(double processors) {
        return String.format(Locale.ROOT, processors == Math.rint(processors) ? "%.0f" : "%.1f", processors);
    }
}
