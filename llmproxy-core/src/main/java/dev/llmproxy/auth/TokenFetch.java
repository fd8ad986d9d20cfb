package dev.llmproxy.auth;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.chain.Awaited;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fault.Fault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to the source of tokens, for those who wait for the answer. It is asked on a thread of its own: whatever
 * the source does, a call ends when it has to. Thread-safe.
 */
final class TokenFetch extends Awaited {
    // Whoever asked may have had little time: those who have more ask anew.
    private static final long PATIENCE_ALONE = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private final Ticker ticker;
    private final long begunAt;
    private volatile boolean left;
    private volatile @Nullable Thread fetcher;
    private volatile @Nullable Outcome outcome;

    /** What came of it: one of the three. */
    private record Outcome(
            @Nullable HeldToken token,
            @Nullable String problem,
            @Nullable Throwable thrown) {}

    TokenFetch(Ticker ticker) {
        this.ticker = ticker;
        this.begunAt = ticker.nanos();
    }

    /** Asks the source. Returns the token; null where there is none that can be sent. */
    @SuppressWarnings("CatchThrowable") // on this thread nobody else would hear of it
    @Nullable
    HeldToken ask(TokenSource source) {
        fetcher = Thread.currentThread();
        try {
            outcome = outcomeOf(source.fetch());
        } catch (Throwable e) {
            outcome = new Outcome(null, null, e);
        } finally {
            fetcher = null;
        }
        return token();
    }

    @SuppressWarnings("ConstantValue") // sources are the application's, and may not be checked
    private Outcome outcomeOf(@Nullable Token fetched) {
        if (fetched == null) {
            return new Outcome(null, "is null", null);
        }
        String text = fetched.secret().reveal();
        String problem =
                text.isEmpty() ? "is empty" : CredentialHeaders.problemOf(text).orElse(null);
        return problem == null
                ? new Outcome(HeldToken.of(fetched, ticker), null, null)
                : new Outcome(null, problem, null);
    }

    /** Takes a token that is there already. */
    void found(HeldToken meanwhile) {
        outcome = new Outcome(meanwhile, null, null);
    }

    /** Lets those go on who wait for it. */
    void finish() {
        end();
    }

    /** The call that began it does not wait for it any more. */
    void leave() {
        left = true;
    }

    @Override
    protected boolean isGivenUp() {
        return age() >= (left ? PATIENCE_ALONE : PATIENCE);
    }

    /** Says whether the source takes so long that it may never come back. */
    boolean hangs() {
        return age() >= PATIENCE;
    }

    private long age() {
        return ticker.nanos() - begunAt;
    }

    /** Says whether it would wait for itself: the source makes a call that needs the token it is to get. */
    boolean isOfThisThread() {
        return fetcher == Thread.currentThread();
    }

    /** Returns what was fetched; null where it failed, or goes on. */
    @Nullable
    HeldToken token() {
        Outcome known = outcome;
        return known == null ? null : known.token;
    }

    /** Returns why it failed, told for a call; null where something was fetched, or it goes on. */
    @Nullable
    Fault fault(CallContext call, Credentials credential) {
        Outcome known = outcome;
        if (known == null || known.token != null) {
            return null;
        }
        return known.thrown == null
                ? AuthFaults.badToken(call, credential, String.valueOf(known.problem))
                : AuthFaults.sourceFailed(call, credential, known.thrown);
    }
}
