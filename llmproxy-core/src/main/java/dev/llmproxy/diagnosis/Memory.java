package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import java.util.Locale;

/** What the heap was like, and how large it should be. */
final class Memory {
    private static final long MEGABYTE = 1 << 20;
    private static final long STEP = 64 * MEGABYTE;
    private static final double ROOMY = 0.5;
    private static final int PERCENT = 100;

    private Memory() {}

    static Fault.Builder advise(Case of, Fault.Builder fault) {
        Vitals vitals = of.vitals();
        double lately = of.collectingLately();
        if (lately > 0) {
            fault.evidence("collecting garbage, last minute", percent(lately));
        }
        Gauge living = vitals.living();
        if (living.isKnown()) {
            fault.evidence(
                    "heap after collection",
                    megabytes(living.used()) + " of " + megabytes(living.max()) + ", " + percent(living.part()));
        }
        if (living.isKnown() && living.part() < ROOMY && !vitals.isHeapFull()) {
            fault.remedy(
                    "use a collector with short pauses (-XX:+UseG1GC, -XX:+UseZGC), or allocate less: the heap is not"
                            + " full, but its collections take long");
        }
        return vitals.heap().isKnown()
                ? fault.remedy("give this JVM more heap: -Xmx" + advisedBytes(vitals) / MEGABYTE + "m")
                : fault.remedy("give this JVM more heap (-Xmx)");
    }

    /** Returns a heap of at least twice what lives in it, and half as much again as it is now. */
    static long advisedBytes(Vitals vitals) {
        long now = vitals.heap().max();
        long enough = Math.max(2 * vitals.living().used(), now + now / 2);
        return (enough + STEP - 1) / STEP * STEP;
    }

    private static String megabytes(long bytes) {
        return bytes / MEGABYTE + " MB";
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", PERCENT * part);
    }
}
