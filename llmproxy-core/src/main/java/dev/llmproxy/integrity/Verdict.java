package dev.llmproxy.integrity;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link Check} says of an answer. Immutable. */
public final class Verdict {
    private static final Verdict ACCEPTED = new Verdict(null);

    private final @Nullable String reason;

    private Verdict(@Nullable String reason) {
        this.reason = reason;
    }

    /**
     * Returns the verdict that nothing is wrong.
     *
     * @return an acceptance
     */
    public static Verdict accept() {
        return ACCEPTED;
    }

    /**
     * Returns the verdict that the answer is not to be used.
     *
     * @param reason what is wrong, for the fault: no content of the answer that must not stand in a log
     * @return a rejection
     */
    public static Verdict reject(String reason) {
        return new Verdict(Objects.requireNonNull(reason, "reason"));
    }

    /**
     * Says whether nothing is wrong.
     *
     * @return whether it is an acceptance
     */
    public boolean isAccepted() {
        return reason == null;
    }

    /**
     * Returns what is wrong.
     *
     * @return the reason of a rejection, or nothing
     */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Returns "accept", or "reject" with its reason. */
    @Override
    public String toString() {
        return reason == null ? "accept" : "reject: " + reason;
    }
}
