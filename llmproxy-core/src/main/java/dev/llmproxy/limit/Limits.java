package dev.llmproxy.limit;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How much is sent to one deployment. What is more is refused before it is sent ({@code local.limits}), or waits for a
 * while where {@link #queueFor} is set. Immutable.
 */
public final class Limits {
    private static final int MOST_AT_ONCE = 100_000;
    private static final int FEWEST_ADAPTIVE = 2;
    private static final long MOST_A_MINUTE = 10_000_000_000L;
    private static final int USUAL_LENGTH = 1_000;
    private static final int MOST_WAITING = 100_000;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Limits NONE = new Limits(0, false, 0, 0, null, Duration.ZERO, USUAL_LENGTH);

    private final int concurrency;
    private final boolean adaptive;
    private final long requests;
    private final long tokens;
    private final @Nullable SharedBudgets shared;
    private final Duration queueFor;
    private final int queueLength;

    private Limits(
            int concurrency,
            boolean adaptive,
            long requests,
            long tokens,
            @Nullable SharedBudgets shared,
            Duration queueFor,
            int queueLength) {
        this.concurrency = concurrency;
        this.adaptive = adaptive;
        this.requests = requests;
        this.tokens = tokens;
        this.shared = shared;
        this.queueFor = queueFor;
        this.queueLength = queueLength;
    }

    /**
     * Returns limits that each deployment has for itself; without a route, each origin. They limit nothing yet.
     *
     * @return no limits
     */
    public static Limits perDeployment() {
        return NONE;
    }

    /**
     * Returns these limits with a number of calls at once. A call counts until its answer has been read.
     *
     * @param calls 1 to 100,000
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else, or {@link #adaptiveConcurrency} is set
     */
    public Limits concurrency(int calls) {
        if (adaptive) {
            throw new IllegalArgumentException(
                    "concurrency: " + calls + " with adaptiveConcurrency: " + concurrency + " (expected: one of them)");
        }
        return new Limits(
                (int) checked("concurrency", calls, 1, MOST_AT_ONCE),
                false,
                requests,
                tokens,
                shared,
                queueFor,
                queueLength);
    }

    /**
     * Returns these limits with a number of calls at once that follows what the deployment can do: less while first
     * tokens come later than usual or the provider says that it is overloaded, more while they do not.
     *
     * @param most how many calls at the most, 2 to 100,000
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else, or {@link #concurrency} is set
     */
    public Limits adaptiveConcurrency(int most) {
        if (concurrency > 0 && !adaptive) {
            throw new IllegalArgumentException(
                    "adaptiveConcurrency: " + most + " with concurrency: " + concurrency + " (expected: one of them)");
        }
        return new Limits(
                (int) checked("adaptiveConcurrency", most, FEWEST_ADAPTIVE, MOST_AT_ONCE),
                true,
                requests,
                tokens,
                shared,
                queueFor,
                queueLength);
    }

    /**
     * Returns these limits with a number of calls a minute: a sixth of it at once, the rest evenly. Where the provider's
     * headers tell a lower limit, that one holds.
     *
     * @param requests 1 to 10,000,000,000
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else
     */
    public Limits requestsPerMinute(long requests) {
        return new Limits(
                concurrency,
                adaptive,
                checked("requestsPerMinute", requests, 1, MOST_A_MINUTE),
                tokens,
                shared,
                queueFor,
                queueLength);
    }

    /**
     * Returns these limits with a number of tokens a minute, of prompts and answers together: a sixth of it at once, the
     * rest evenly. What a call will need is estimated and set aside; its answer tells what it was, and the difference is
     * given back or taken. Where the provider's headers tell a lower limit, that one holds.
     *
     * @param tokens 1 to 10,000,000,000
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else
     */
    public Limits tokensPerMinute(long tokens) {
        return new Limits(
                concurrency,
                adaptive,
                requests,
                checked("tokensPerMinute", tokens, 1, MOST_A_MINUTE),
                shared,
                queueFor,
                queueLength);
    }

    /**
     * Returns these limits with the requests and tokens a minute shared by all processes that share the same budgets: they
     * are those of all of them together. While the budgets cannot be reached, each process keeps to its share by itself, and
     * no call fails for it.
     *
     * @param budgets where they are
     * @return the changed limits
     * @throws IllegalArgumentException if neither {@link #requestsPerMinute} nor {@link #tokensPerMinute} is set before
     */
    public Limits sharedBy(SharedBudgets budgets) {
        Objects.requireNonNull(budgets, "budgets");
        if (requests == 0 && tokens == 0) {
            throw new IllegalArgumentException(
                    "sharedBy: " + budgets + " (expected: requestsPerMinute or tokensPerMinute before it)");
        }
        return new Limits(concurrency, adaptive, requests, tokens, budgets, queueFor, queueLength);
    }

    /**
     * Returns these limits with a time for which a call may wait until it fits into them. A call that could not be sent
     * within it, or not before its deadline, is refused without waiting.
     *
     * @param longest the longest wait, at most an hour; zero, the default, for none
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else
     */
    public Limits queueFor(Duration longest) {
        Objects.requireNonNull(longest, "longest");
        if (longest.isNegative() || longest.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("queueFor: " + longest + " (expected: 0 to 1 hour)");
        }
        return new Limits(concurrency, adaptive, requests, tokens, shared, longest, queueLength);
    }

    /**
     * Returns these limits with a number of calls that may wait at once for one deployment. When there are more, those
     * of the lowest priority that came last are refused.
     *
     * @param calls 1 to 100,000; 1,000 where it is not set
     * @return the changed limits
     * @throws IllegalArgumentException if it is anything else
     */
    public Limits queueLength(int calls) {
        return new Limits(concurrency, adaptive, requests, tokens, shared, queueFor, (int)
                checked("queueLength", calls, 1, MOST_WAITING));
    }

    private static long checked(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }

    /**
     * Returns how many calls are sent at once at the most.
     *
     * @return the number, 0 for any
     */
    public int mostAtOnce() {
        return concurrency;
    }

    /**
     * Returns how many calls of one deployment are with the proxy at once at the most, those that wait included.
     *
     * @return the number, 0 for any
     */
    public int mostAdmitted() {
        return concurrency == 0 ? 0 : queues() ? concurrency + queueLength : concurrency;
    }

    /**
     * Says whether nothing is limited.
     *
     * @return whether neither calls nor tokens are
     */
    public boolean isUnlimited() {
        return concurrency == 0 && requests == 0 && tokens == 0;
    }

    boolean isAdaptive() {
        return adaptive;
    }

    long requests() {
        return requests;
    }

    long tokens() {
        return tokens;
    }

    @Nullable
    SharedBudgets shared() {
        return shared;
    }

    boolean queues() {
        return !queueFor.isZero();
    }

    long queueNanos() {
        return queueFor.toNanos();
    }

    int queueLength() {
        return queueLength;
    }

    /** Returns what is set, as it is written. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner("", "perDeployment()", "");
        if (concurrency > 0) {
            text.add((adaptive ? ".adaptiveConcurrency(" : ".concurrency(") + concurrency + ")");
        }
        if (requests > 0) {
            text.add(".requestsPerMinute(" + requests + ")");
        }
        if (tokens > 0) {
            text.add(".tokensPerMinute(" + tokens + ")");
        }
        if (shared != null) {
            text.add(".sharedBy(" + shared + ")");
        }
        if (queues()) {
            text.add(".queueFor(" + queueFor + ").queueLength(" + queueLength + ")");
        }
        return text.toString();
    }

    /**
     * How much of the limits of one place is in use.
     *
     * @param place the name of the deployment, else the origin
     * @param running how many calls are being sent or read
     * @param most how many may be at once now, 0 for any
     * @param waiting how many calls wait
     * @param refused how many calls were refused so far
     */
    public record Use(String place, int running, int most, int waiting, long refused) {}
}
