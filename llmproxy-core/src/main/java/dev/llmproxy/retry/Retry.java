package dev.llmproxy.retry;

import dev.llmproxy.call.RetryMode;
import java.time.Duration;
import java.util.Objects;

/**
 * How often a call is sent before it is given up, and at what price. Whether it is sent again at all, when and where to
 * is said by the cause of its failure. Immutable.
 */
public final class Retry {
    private static final int MOST_ATTEMPTS = 20;
    private static final double MOST_HEDGED = 0.2;
    private static final Duration LONGEST = Duration.ofDays(1);

    private final int attempts;
    private final RetryMode mode;
    private final Duration within;
    private final Duration longestWait;
    private final double budget;
    private final double hedgeShare;

    private Retry(
            int attempts, RetryMode mode, Duration within, Duration longestWait, double budget, double hedgeShare) {
        this.attempts = attempts;
        this.mode = mode;
        this.within = within;
        this.longestWait = longestWait;
        this.budget = budget;
        this.hedgeShare = hedgeShare;
    }

    /**
     * Returns a setting of so many attempts for a call: mode {@link RetryMode#SAFE}, no wait above 60 s, a budget of 0.1.
     *
     * @param attempts how many in all, the first one included; what fails before it is sent counts, too
     * @return the setting
     * @throws IllegalArgumentException if it is not 1 to 20
     */
    public static Retry attempts(int attempts) {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 to " + MOST_ATTEMPTS + ")");
        }
        return new Retry(attempts, RetryMode.SAFE, LONGEST, Duration.ofSeconds(60), 0.1, 0);
    }

    /**
     * Returns this setting with a time after which no attempt begins. The deadline of the call holds as well.
     *
     * @param within how long after the start of the call, more than 0 and at most a day, which is also the default
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public Retry within(Duration within) {
        return new Retry(attempts, mode, checked("within", within), longestWait, budget, hedgeShare);
    }

    /**
     * Returns this setting with a limit for each wait. Where a provider asks for more, the call goes elsewhere or fails at
     * once and says so.
     *
     * @param longest the longest wait, more than 0 and at most a day; 60 s where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public Retry longestWait(Duration longest) {
        return new Retry(attempts, mode, within, checked("longestWait", longest), budget, hedgeShare);
    }

    private static Duration checked(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0, at most a day)");
        }
        return duration;
    }

    /**
     * Returns this setting with a budget: how many repeats each success pays for, at one deployment (or origin) and model.
     * A twentieth of what the proxy is asked in a minute is there at the start, three at least and ten at most, and one
     * comes back for twenty calls that come to the place, every 100 s at least and every 10 s at most. The same holds once
     * more for all of them together, without the most. A call that goes on to another deployment costs nothing as long as
     * such calls are answered there, or nobody knows yet.
     *
     * @param ratio repeats for each success, 0 to 1; 0.1 where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else
     */
    public Retry budget(double ratio) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("budget: " + ratio + " (expected: 0 to 1)");
        }
        return new Retry(attempts, mode, within, longestWait, ratio, hedgeShare);
    }

    /**
     * Returns this setting with a mode for the calls that do not ask for one themselves.
     *
     * @param mode the mode; {@link RetryMode#SAFE} where it is not set
     * @return the changed setting
     */
    public Retry mode(RetryMode mode) {
        return new Retry(attempts, Objects.requireNonNull(mode, "mode"), within, longestWait, budget, hedgeShare);
    }

    /**
     * Returns this setting with a second attempt beside the first one for streams whose first token is late. It goes to
     * another deployment where the route has one; whichever begins to answer first is handed over, the other is
     * cancelled. What is late is learned: later than 95 of 100 answers of that model there, and at least 500 ms, once 100
     * have been seen. Only the first attempt of a call gets one, and none goes to a deployment that has less than a fifth
     * of its requests or tokens left, as its last answer says, or when half of the {@link #budget} there, or of that of
     * all together, is used up. It is one of the {@link #attempts}, and may cost a second prompt. Stages around the attempts of streams then run on threads
     * of the proxy.
     *
     * @param share how many second attempts each streamed call pays for, more than 0 and at most 0.2, such as 0.05; no
     *     second attempts where it is not set
     * @return the changed setting
     * @throws IllegalArgumentException if it is anything else, or there is to be one attempt only
     */
    public Retry hedgeStreams(double share) {
        if (!(share > 0 && share <= MOST_HEDGED)) {
            throw new IllegalArgumentException(
                    "hedgeStreams: " + share + " (expected: more than 0, at most " + MOST_HEDGED + ")");
        }
        if (attempts == 1) {
            throw new IllegalArgumentException("hedgeStreams: " + share + " with attempts: 1 (expected: at least 2"
                    + " attempts, the second one beside the first is one of them)");
        }
        return new Retry(attempts, mode, within, longestWait, budget, share);
    }

    /**
     * Says whether a second attempt is made beside a first one that is late.
     *
     * @return whether {@link #hedgeStreams} was set
     */
    public boolean isHedging() {
        return hedgeShare > 0;
    }

    /**
     * Says whether anything is sent again at all.
     *
     * @return whether there may be more than one attempt
     */
    public boolean isRepeating() {
        return attempts > 1;
    }

    double hedgeShare() {
        return hedgeShare;
    }

    int attempts() {
        return attempts;
    }

    RetryMode mode() {
        return mode;
    }

    Duration within() {
        return within;
    }

    Duration longestWait() {
        return longestWait;
    }

    double budget() {
        return budget;
    }

    /**
     * What retries have done since the proxy was built.
     *
     * @param calls the calls whose first attempt failed for a cause that can be repeated
     * @param repeats how often a call was sent again
     * @param possibleDuplicates how often of these what was repeated may have been billed already
     * @param nested the calls that another layer was repeating, too
     * @param hedges how often a second attempt was sent beside a first one that was late
     * @param hedgesFirst how often of these the second one answered first
     * @param hedgedTokens the tokens of the prompts that were sent twice for that, as far as the answers have told
     */
    public record Counts(
            long calls,
            long repeats,
            long possibleDuplicates,
            long nested,
            long hedges,
            long hedgesFirst,
            long hedgedTokens) {
        private static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

        /**
         * Returns the counts of a proxy that has no retries.
         *
         * @return nothing but zeros
         */
        public static Counts none() {
            return NONE;
        }
    }

    /** Returns the setting as it is written. */
    @Override
    public String toString() {
        return "Retry.attempts(" + attempts + ").mode(" + mode + ").within(" + within + ").longestWait(" + longestWait
                + ").budget(" + budget + ")" + (isHedging() ? ".hedgeStreams(" + hedgeShare + ")" : "");
    }
}
