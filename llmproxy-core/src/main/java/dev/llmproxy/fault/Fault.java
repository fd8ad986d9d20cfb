package dev.llmproxy.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A diagnosed failure: what happened, who can change it, how that is known, and what to do.
 *
 * <p>Holds no key, no prompt and no body. Its constructor may gain components in a minor release.
 *
 * @param cause the cause, {@link FaultCause#UNKNOWN} where nothing is sure enough
 * @param confidence how sure the cause is: 0.5 to 1, or below 0.5 with {@link FaultCause#UNKNOWN}
 * @param summary what happened, in one sentence
 * @param where where it happened, such as {@code api.openai.com gpt-4o attempt 2}
 * @param evidence what was observed; at most 2 KiB of it are kept
 * @param ruledOut what it was not, and why not
 * @param remedies what to do, the cheapest first; at most three
 * @param mayHaveBilled whether the attempt may have cost money
 * @param retry how it may be repeated: what the table says of its cause, unless the provider has said otherwise
 * @param retryAfter for how long the provider wants nothing more of this kind, or nothing where it does not say
 */
public record Fault(
        FaultCause cause,
        double confidence,
        String summary,
        String where,
        List<Evidence> evidence,
        List<String> ruledOut,
        List<Remedy> remedies,
        boolean mayHaveBilled,
        FaultCause.Retry retry,
        Optional<Duration> retryAfter) {
    private static final int MAX_SUMMARY_LENGTH = 400;

    /**
     * Copies the lists, and makes the texts fit for a log.
     *
     * @param cause the cause
     * @param confidence how sure it is
     * @param summary what happened
     * @param where where it happened
     * @param evidence what was observed
     * @param ruledOut what it was not
     * @param remedies what to do
     * @param mayHaveBilled whether it may have cost money
     * @param retry how it may be repeated
     * @param retryAfter for how long the provider wants nothing more
     */
    public Fault {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(retryAfter, "retryAfter");
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence: " + confidence + " (expected: 0 to 1)");
        }
        summary = OneLine.of(summary, MAX_SUMMARY_LENGTH);
        where = OneLine.of(where, MAX_SUMMARY_LENGTH);
        evidence = Evidence.bounded(evidence);
        ruledOut = ruledOut.stream()
                .map(text -> OneLine.of(text, MAX_SUMMARY_LENGTH))
                .toList();
        remedies = List.copyOf(remedies);
    }

    /**
     * Returns a builder of a fault.
     *
     * @param cause its cause
     * @return the builder
     */
    public static Builder builder(FaultCause cause) {
        return new Builder(cause);
    }

    /**
     * Returns the family of the cause.
     *
     * @return the family
     */
    public FaultFamily family() {
        return cause.family();
    }

    /**
     * Returns who can change it.
     *
     * @return who is to blame
     */
    public Blame blame() {
        return cause.blame();
    }

    /**
     * Says whether sending the call again can help.
     *
     * @return whether any kind of repeat is allowed
     */
    public boolean retryable() {
        return retry != FaultCause.Retry.NO;
    }

    /**
     * Returns the value of one piece of evidence.
     *
     * @param name its name
     * @return its value, or nothing
     */
    public Optional<String> evidence(String name) {
        for (Evidence item : evidence) {
            if (item.name().equals(name)) {
                return Optional.of(item.value());
            }
        }
        return Optional.empty();
    }

    /**
     * Returns a builder of a copy: for whoever knows more of the same fault.
     *
     * @return a builder with everything that this fault has
     */
    public Builder toBuilder() {
        Builder copy = new Builder(cause)
                .confidence(confidence)
                .summary(summary)
                .where(where)
                .mayHaveBilled(mayHaveBilled);
        copy.retry = retry;
        copy.evidence.addAll(evidence);
        copy.ruledOut.addAll(ruledOut);
        copy.remedies.addAll(remedies);
        copy.retryAfter = retryAfter;
        return copy;
    }

    Fault withEvidence(List<Evidence> other) {
        return new Fault(
                cause, confidence, summary, where, other, ruledOut, remedies, mayHaveBilled, retry, retryAfter);
    }

    /**
     * Explains the fault to a person: what, evidence, cause, what was ruled out, what to do, and where to read more.
     *
     * @return several lines
     */
    public String explain() {
        return Explanation.of(this);
    }

    /** Returns code and summary, on one line. */
    @Override
    public String toString() {
        return cause.code() + ": " + summary;
    }

    /** Builds a fault. Not thread-safe. */
    public static final class Builder {
        private final FaultCause cause;
        private double confidence = 1;
        private String summary;
        private String where = "";
        private final List<Evidence> evidence = new ArrayList<>();
        private final List<String> ruledOut = new ArrayList<>();
        private final List<Remedy> remedies = new ArrayList<>();
        private boolean mayHaveBilled;
        private FaultCause.Retry retry;
        private Optional<Duration> retryAfter = Optional.empty();

        private Builder(FaultCause cause) {
            this.cause = Objects.requireNonNull(cause, "cause");
            this.retry = cause.retry();
            this.summary = cause.title();
        }

        /**
         * Sets how sure the cause is; 1 where it is not set.
         *
         * @param confidence 0 to 1
         * @return this builder
         */
        public Builder confidence(double confidence) {
            this.confidence = confidence;
            return this;
        }

        /**
         * Sets what happened; the title of the cause where it is not set.
         *
         * @param summary one sentence
         * @return this builder
         */
        public Builder summary(String summary) {
            this.summary = Objects.requireNonNull(summary, "summary");
            return this;
        }

        /**
         * Sets where it happened.
         *
         * @param where endpoint, model and attempt
         * @return this builder
         */
        public Builder where(String where) {
            this.where = Objects.requireNonNull(where, "where");
            return this;
        }

        /**
         * Adds an observation.
         *
         * @param name what was observed
         * @param value what it was
         * @return this builder
         */
        public Builder evidence(String name, Object value) {
            evidence.add(new Evidence(name, String.valueOf(value)));
            return this;
        }

        /**
         * Adds what it was not.
         *
         * @param what what was ruled out, and why
         * @return this builder
         */
        public Builder ruledOut(String what) {
            ruledOut.add(Objects.requireNonNull(what, "what"));
            return this;
        }

        /**
         * Adds something to do.
         *
         * @param action what to do
         * @return this builder
         */
        public Builder remedy(String action) {
            remedies.add(new Remedy(action, Optional.empty()));
            return this;
        }

        /**
         * Adds something to do that is a setting of this library.
         *
         * @param action what to do
         * @param setting the setting with its computed value
         * @return this builder
         */
        public Builder remedy(String action, String setting) {
            remedies.add(new Remedy(action, Optional.of(setting)));
            return this;
        }

        /**
         * Sets whether the attempt may have cost money; false where it is not set.
         *
         * @param mayHaveBilled whether it may
         * @return this builder
         */
        public Builder mayHaveBilled(boolean mayHaveBilled) {
            this.mayHaveBilled = mayHaveBilled;
            return this;
        }

        /**
         * Takes what the provider says of sending it again, which counts more than the table of causes: never, or at
         * least after a back-off.
         *
         * @param advice what it says
         * @return this builder
         */
        public Builder shouldRetry(boolean advice) {
            if (!advice) {
                retry = FaultCause.Retry.NO;
            } else if (retry == FaultCause.Retry.NO) {
                retry = FaultCause.Retry.BACKOFF;
            }
            return this;
        }

        /**
         * Sets for how long the provider wants nothing more of this kind.
         *
         * @param wait how long, counted from the answer
         * @return this builder
         */
        public Builder retryAfter(Duration wait) {
            this.retryAfter = Optional.of(wait);
            return this;
        }

        /**
         * Returns the fault.
         *
         * @return the fault
         */
        public Fault build() {
            return new Fault(
                    cause, confidence, summary, where, evidence, ruledOut, remedies, mayHaveBilled, retry, retryAfter);
        }
    }
}
