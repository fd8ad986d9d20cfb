package dev.llmproxy.chain;

import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import java.time.Duration;

/**
 * How far an attempt that failed had come, and how long that took. Immutable.
 */
public final class TimingEvidence {
    private final Phase phase;
    private final PhaseTimes times;
    private final long failedAt;
    private final long elapsedNanos;
    private final long phaseNanos;
    private final long silentNanos;
    private final long idleNanos;
    private final long longestGapNanos;
    private final long pausedNanos;
    private final long consumerNanos;
    private final long limitedNanos;

    TimingEvidence(CallContext call, Attempt attempt) {
        this.phase = attempt.phase();
        this.times = attempt.times();
        this.failedAt = call.ticker().nanos();
        this.elapsedNanos = failedAt - attempt.startedAt();
        this.phaseNanos = failedAt - attempt.markedAt(phase);
        long bytesAt = attempt.receiving().lastBytesAt();
        this.silentNanos = bytesAt == Long.MIN_VALUE ? phaseNanos : failedAt - bytesAt;
        this.pausedNanos = call.timers().pausedNanos(attempt.markedAt(phase), failedAt);
        this.consumerNanos = attempt.consumerNanos();
        Receiving receiving = attempt.receiving();
        this.idleNanos = receiving.hasPayload() ? receiving.sincePayload(failedAt, consumerNanos) : phaseNanos;
        this.longestGapNanos = receiving.longestGap();
        this.limitedNanos = call.limitedNanos();
    }

    /**
     * Returns how far the attempt came.
     *
     * @return the last phase that had begun when it failed
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Says whether a phase was reached.
     *
     * @param asked the phase
     * @return whether it had begun
     */
    public boolean reached(Phase asked) {
        return times.reached(asked);
    }

    /**
     * Returns the time from the beginning of a phase to the failure.
     *
     * @param asked the phase
     * @return nanoseconds; those of the whole attempt where the phase was not reached
     */
    public long nanosSince(Phase asked) {
        return elapsedNanos - times.beganAt(asked).map(Duration::toNanos).orElse(0L);
    }

    /**
     * Returns how long the attempt took.
     *
     * @return nanoseconds from its start to its failure
     */
    public long elapsedNanos() {
        return elapsedNanos;
    }

    /**
     * Returns how long the last phase took.
     *
     * @return nanoseconds from its beginning to the failure
     */
    public long phaseNanos() {
        return phaseNanos;
    }

    /**
     * Returns when the attempt failed.
     *
     * @return nanoseconds of the ticker
     */
    public long failedAt() {
        return failedAt;
    }

    /**
     * Returns for how long no byte of the answer's body had come.
     *
     * @return nanoseconds to the failure, from the last byte or else from the beginning of the last phase
     */
    public long silentNanos() {
        return silentNanos;
    }

    /**
     * Returns for how long nothing of the answer had come that it is made of, while the network was waited for: what only
     * keeps a stream alive does not count, and neither does the time that the application spent between its reads.
     *
     * @return nanoseconds to the failure, from the last payload or else from the beginning of the last phase
     */
    public long idleNanos() {
        return idleNanos;
    }

    /**
     * Returns the longest such pause within the answer that ended.
     *
     * @return nanoseconds, 0 where there was none
     */
    public long longestGapNanos() {
        return longestGapNanos;
    }

    /**
     * Returns for how long this process did not run in the last phase, as far as it was noticed.
     *
     * @return nanoseconds
     */
    public long pausedNanos() {
        return pausedNanos;
    }

    /**
     * Returns the time that the application spent between its reads of the answer.
     *
     * @return nanoseconds
     */
    public long consumerNanos() {
        return consumerNanos;
    }

    /**
     * Returns for how long the call had waited for the limits of this proxy, before this attempt and those before it.
     *
     * @return nanoseconds
     */
    public long limitedNanos() {
        return limitedNanos;
    }

    /** Returns the phase and the time. */
    @Override
    public String toString() {
        return phase + " after " + elapsedNanos + " ns";
    }
}
