package dev.llmproxy.diagnosis;

import org.jspecify.annotations.Nullable;

/**
 * What this process itself had to do with a wait that was cut.
 *
 * @param waited the wait
 * @param stall what this process missed of it
 * @param attribution whether that explains its end
 * @param isWatched whether this process is watched at all
 */
record LocalTrouble(Wait waited, Stall stall, Attribution attribution, boolean isWatched) {
    /** Returns what is known, or null where the attempt did not end in a wait. */
    static @Nullable LocalTrouble of(Case of, @Nullable LocalHealth health) {
        Wait wait = Wait.of(of);
        if (wait == null) {
            return null;
        }
        Stall stall = health == null ? Stall.NONE : health.stall(wait.time());
        boolean isShort = health != null && stall.isShortOfCpu(health.vitals().processors());
        Attribution attribution =
                Attribution.of(wait, stall.missed(), of.timing().pausedNanos(), isShort);
        return new LocalTrouble(wait, stall, attribution, health != null);
    }

    /** Says in one line why this process is not to blame; null where it is, or where nobody knows. */
    @Nullable
    String ruledOut() {
        return switch (attribution.matter()) {
            case DECISIVE -> null;
            case NONE -> isWatched ? "this process: it ran all the time" : null;
            case WITHOUT_EFFECT ->
                "this process: it stood still for " + Units.time(attribution.missedNanos()) + " of "
                        + Units.time(waited.time().nanos())
                        + ", and the wait would have been too long without that, too";
        };
    }
}
