package dev.llmproxy.timeout;

import dev.llmproxy.chain.Budget;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long each phase of a call may take. A longer budget inside a shorter one is cut by it; two that were both set and
 * contradict each other are refused when the proxy is built.
 *
 * <p>The standard budgets are sized for language models, which think for minutes before the first byte of a plain
 * answer: dns 5 s, connect 10 s, tls 10 s, upload 30 s, first byte 5 min, first token 5 min, between bytes 60 s, between
 * tokens 2 min, attempt 10 min, call 15 min.
 *
 * <p>The latency of each model at each place is learned meanwhile, and {@link #adapt} says what follows from it.
 */
public final class Timeouts {
    private static final Timeouts STANDARD = new Timeouts(Map.of(), Adapt.OBSERVE);
    private static final Map<Budget, Duration> DEFAULTS = Map.of(
            Budget.DNS, Duration.ofSeconds(5),
            Budget.CONNECT, Duration.ofSeconds(10),
            Budget.TLS, Duration.ofSeconds(10),
            Budget.UPLOAD, Duration.ofSeconds(30),
            Budget.FIRST_BYTE, Duration.ofMinutes(5),
            Budget.FIRST_TOKEN, Duration.ofMinutes(5),
            Budget.BETWEEN_BYTES, Duration.ofSeconds(60),
            Budget.BETWEEN_TOKENS, Duration.ofMinutes(2),
            Budget.ATTEMPT, Duration.ofMinutes(10),
            Budget.CALL, Duration.ofMinutes(15));

    private final Map<Budget, Duration> chosen;
    private final Adapt mode;

    private Timeouts(Map<Budget, Duration> chosen, Adapt mode) {
        this.chosen = chosen;
        this.mode = mode;
    }

    /**
     * Returns the standard budgets, which stay as they are: what would fit better is told by an event.
     *
     * @return budgets sized for language models, in the mode {@link Adapt#OBSERVE}
     */
    public static Timeouts standard() {
        return STANDARD;
    }

    /**
     * Returns budgets that follow the observed latency of each model at each place. They are the standard ones as long as
     * fewer than 20 answers were seen there.
     *
     * @return the standard budgets, in the mode {@link Adapt#ENFORCE}
     */
    public static Timeouts adaptive() {
        return STANDARD.adapt(Adapt.ENFORCE);
    }

    /**
     * Sets how far budgets follow the observed latency: those for the first byte and token, between bytes and tokens, and
     * for an attempt. A call's own end stays as it was set.
     *
     * @param chosenMode how far
     * @return the changed budgets
     */
    public Timeouts adapt(Adapt chosenMode) {
        return new Timeouts(chosen, Objects.requireNonNull(chosenMode, "chosenMode"));
    }

    /**
     * Sets the time for looking up a name. A client that only takes an interceptor cannot keep it.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts dns(Duration budget) {
        return with(Budget.DNS, budget);
    }

    /**
     * Sets the time for the TCP connection, and for each answer of a proxy that opens a tunnel.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts connect(Duration budget) {
        return with(Budget.CONNECT, budget);
    }

    /**
     * Sets the time for each answer of the peer in the TLS handshake. A client that only takes an interceptor cannot keep
     * it.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts tls(Duration budget) {
        return with(Budget.TLS, budget);
    }

    /**
     * Sets for how long the peer may take nothing of the request.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts upload(Duration budget) {
        return with(Budget.UPLOAD, budget);
    }

    /**
     * Sets the time from the sent request to the headers of the answer. For a plain answer that is nearly the whole
     * time that the model takes.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts firstByte(Duration budget) {
        return with(Budget.FIRST_BYTE, budget);
    }

    /**
     * Sets the time from the sent request to the first payload of a stream: text, a tool call, reasoning or a refusal. Its
     * headers have to come in this time, too; comments, pings and empty pieces do not count.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts firstToken(Duration budget) {
        return with(Budget.FIRST_TOKEN, budget);
    }

    /**
     * Sets for how long a stream that has begun may bring no payload while somebody reads it. Comments, pings and empty
     * pieces do not count.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts betweenTokens(Duration budget) {
        return with(Budget.BETWEEN_TOKENS, budget);
    }

    /**
     * Sets for how long the body of an answer may stay silent while somebody reads it. Any byte counts. Where this is not
     * set, a stream before its first token may be silent for as long as that may take.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts betweenBytes(Duration budget) {
        return with(Budget.BETWEEN_BYTES, budget);
    }

    /**
     * Sets the time for one attempt, to the end of its answer.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts attempt(Duration budget) {
        return with(Budget.ATTEMPT, budget);
    }

    /**
     * Sets the time for the whole call, over all attempts and waits, to the end of the answer. A call's own deadline can
     * only shorten it.
     *
     * @param budget how long
     * @return the changed budgets
     */
    public Timeouts call(Duration budget) {
        return with(Budget.CALL, budget);
    }

    private Timeouts with(Budget budget, Duration duration) {
        Objects.requireNonNull(duration, budget.setting());
        if (duration.isNegative() || duration.isZero() || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    budget.setting() + ": " + duration + " (expected: more than 0, at most a day)");
        }
        Map<Budget, Duration> changed = new EnumMap<>(Budget.class);
        changed.putAll(chosen);
        changed.put(budget, duration);
        return new Timeouts(changed, mode);
    }

    /**
     * Returns a budget.
     *
     * @param budget which
     * @return how long it is
     */
    public Duration get(Budget budget) {
        Duration duration = chosen.get(budget);
        return duration != null ? duration : DEFAULTS.getOrDefault(budget, Duration.ZERO);
    }

    /**
     * Says whether a budget was chosen by the application.
     *
     * @param budget which
     * @return whether it was set
     */
    public boolean isSet(Budget budget) {
        return chosen.containsKey(budget);
    }

    /**
     * Says whether a budget moves with the observed latency.
     *
     * @param budget which
     * @return whether it does in this mode
     */
    public boolean follows(Budget budget) {
        return switch (mode) {
            case OFF, OBSERVE -> false;
            case RAISE_ONLY -> Adaptation.FOLLOWING.contains(budget);
            case ENFORCE -> Adaptation.FOLLOWING.contains(budget) && !isSet(budget);
        };
    }

    /**
     * Says whether it is learned how long models take.
     *
     * @return whether the mode is not {@link Adapt#OFF}
     */
    public boolean isLearning() {
        return mode != Adapt.OFF;
    }

    /**
     * Returns how far budgets follow the observed latency.
     *
     * @return the mode
     */
    public Adapt mode() {
        return mode;
    }

    /**
     * Makes sure that no two budgets that were set contradict each other.
     *
     * @throws IllegalArgumentException if one is longer than another that encloses it
     */
    public void check() {
        requireWithin(Budget.FIRST_BYTE, Budget.ATTEMPT);
        requireWithin(Budget.FIRST_TOKEN, Budget.ATTEMPT);
        requireWithin(Budget.BETWEEN_BYTES, Budget.ATTEMPT);
        requireWithin(Budget.BETWEEN_TOKENS, Budget.ATTEMPT);
        requireWithin(Budget.CONNECT, Budget.ATTEMPT);
        requireWithin(Budget.TLS, Budget.ATTEMPT);
        requireWithin(Budget.ATTEMPT, Budget.CALL);
    }

    private void requireWithin(Budget inner, Budget outer) {
        @Nullable Duration inside = chosen.get(inner);
        @Nullable Duration outside = chosen.get(outer);
        if (inside != null && outside != null && inside.compareTo(outside) > 0) {
            throw new IllegalArgumentException(inner.setting() + ": " + inside + " (expected: at most "
                    + outer.setting() + ", which is " + outside + ")");
        }
    }

    /** Returns the mode and the budgets that were set. */
    @Override
    public String toString() {
        return "Timeouts " + mode + chosen;
    }
}
