package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.TimingEvidence;
import dev.llmproxy.event.Phase;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What this process itself had to do with a wait that was cut.
 *
 * @param waited the wait
 * @param stall what this process missed of it
 * @param attribution whether that explains its end
 * @param unread how much had come and lay unread when the wait was cut, where that is known
 * @param isWatched whether this process is watched at all
 * @param isShortOfCpu whether threads were short of processors meanwhile
 */
record LocalTrouble(
        Wait waited,
        Stall stall,
        Attribution attribution,
        OptionalLong unread,
        boolean isWatched,
        boolean isShortOfCpu) {
    /** Returns what is known, or null where the attempt did not end in a wait. */
    static @Nullable LocalTrouble of(Case of, @Nullable LocalHealth health) {
        Wait wait = Wait.of(of);
        if (wait == null) {
            return null;
        }
        Stall stall = health == null ? Stall.NONE : health.stall(wait.time());
        int processors = health == null ? 0 : health.vitals().processors();
        boolean isShort = health != null && stall.isShortOfCpu(processors);
        OptionalLong unread = unread(of, wait);
        // What stops the process without a reason may have stopped the whole machine.
        boolean isMachineUp = stall.isCollecting() || stall.isStarved(wait.overNanos(), processors);
        Attribution attribution =
                Attribution.of(wait, stall.missed(), of.timing().pausedNanos(), isShort, isMachineUp, unread);
        return new LocalTrouble(wait, stall, attribution, unread, health != null, isShort);
    }

    // What lies in the socket tells of the last silence alone: most of a wait has to be that.
    private static OptionalLong unread(Case of, Wait wait) {
        TimingEvidence timing = of.timing();
        boolean isForPeer = timing.phase() == Phase.TLS || timing.phase().compareTo(Phase.WAIT) >= 0;
        long silent = timing.phase().compareTo(Phase.FIRST_BYTE) < 0 ? timing.phaseNanos() : timing.silentNanos();
        return isForPeer && 2 * silent >= wait.time().nanos()
                ? of.evidence().client().unreadBytes(timing.failedAt() - silent)
                : OptionalLong.empty();
    }

    /** Says in one line why this process is not to blame; null where it is, or where nobody knows. */
    @Nullable
    String ruledOut() {
        return switch (attribution.matter()) {
            case DECISIVE, CROWDED_OUT -> null;
            case NONE -> ran();
            case WITHOUT_EFFECT ->
                "this process: it stood still for "
                        + Units.time(Math.max(attribution.missedNanos(), attribution.lateNanos())) + " of "
                        + Units.time(waited.time().nanos())
                        + (hasNothingCome()
                                ? ", and nothing of an answer lay in the socket then"
                                : ", and the wait would have been too long without that, too");
        };
    }

    private @Nullable String ran() {
        if (isWatched && !isShortOfCpu) {
            return "this process: it ran all the time";
        }
        return hasNothingCome() ? "this process: nothing of an answer lay in the socket when the limit ran out" : null;
    }

    /** Says whether it is known that nothing had come when the wait was cut. */
    boolean hasNothingCome() {
        return unread.isPresent() && unread.getAsLong() == 0;
    }
}
