package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a short-lived token and gets a new one in time. One call at a time has it fetched: a while before the end the
 * others go on with the old token; when it is as good as over, or was refused, they wait.
 */
final class TokenKeeper implements KeyRing {
    // Tokens that are all refused are not to be fetched by every call.
    private static final long PAUSE_BETWEEN_REFUSALS = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_WAIT_AHEAD = Duration.ofSeconds(1).toNanos();

    private final Credentials credential;
    private final TokenSource source;
    private final AtomicReference<@Nullable HeldToken> held = new AtomicReference<>();
    private final AtomicReference<@Nullable TokenFetch> running = new AtomicReference<>();
    // A failure ahead of the end, of which no call has told.
    private final AtomicReference<@Nullable TokenFetch> untold = new AtomicReference<>();
    private volatile boolean refusedInARow;
    private volatile long givenUpAt;

    TokenKeeper(Credentials credential, TokenSource source) {
        this.credential = credential;
        this.source = source;
    }

    @Override
    public Secret next(CallContext call) throws IOException {
        HeldToken token = held.get();
        long now = call.ticker().nanos();
        if (token == null || token.isOverAt(now)) {
            return fetch(call);
        }
        return token.isToBeRenewedAt(now) ? renewAhead(call, token) : token.secret();
    }

    // The old token is good still: nobody waits long for a new one, and no call fails for want of it.
    private Secret renewAhead(CallContext call, HeldToken old) throws IOException {
        TokenFetch mine = new TokenFetch(call.ticker());
        TokenFetch other = running.compareAndExchange(null, mine);
        if (other == null) {
            begin(call, mine);
            await(call, mine, mine, LONGEST_WAIT_AHEAD);
        } else if (other.hangs()) {
            running.compareAndSet(other, null);
        }
        TokenFetch failed = untold.getAndSet(null);
        Fault fault = failed == null ? null : failed.fault(call, credential);
        if (fault != null) {
            call.emit(new LlmEvent.FaultDetected(call.info(), 0, fault));
        }
        HeldToken fetched = mine.token();
        return fetched == null ? old.secret() : fetched.secret();
    }

    private Secret fetch(CallContext call) throws IOException {
        while (true) {
            TokenFetch mine = new TokenFetch(call.ticker());
            TokenFetch other = running.compareAndExchange(null, mine);
            TokenFetch fetch = other == null ? mine : other;
            if (other == null) {
                begin(call, mine);
            } else if (other.isOfThisThread()) {
                throw call.raise(AuthFaults.badToken(call, credential, "is fetched with a call that it is to sign"));
            }
            await(call, fetch, mine, Long.MAX_VALUE);
            HeldToken fetched = fetch.token();
            if (fetched != null) {
                return fetched.secret();
            }
            Fault fault = fetch.fault(call, credential);
            if (fault != null) {
                throw call.raise(fault);
            }
            // It hangs in the source. Whatever comes of it, somebody else has to ask.
            running.compareAndSet(fetch, null);
        }
    }

    private void await(CallContext call, TokenFetch fetch, TokenFetch mine, long nanos) throws IOException {
        try {
            call.awaitUntil(fetch, nanos);
        } catch (InterruptedIOException e) {
            Fault ended = call.endedFault(call.attemptCount() > 0);
            throw ended.cause() == FaultCause.CANCELLED ? e : call.raise(AuthFaults.sourceIsLate(ended, credential), e);
        } finally {
            mine.leave();
        }
    }

    private void begin(CallContext call, TokenFetch mine) {
        HeldToken meanwhile = held.get();
        long now = call.ticker().nanos();
        if (meanwhile != null && !meanwhile.isOverAt(now) && !meanwhile.isToBeRenewedAt(now)) {
            mine.found(meanwhile);
            end(mine);
            return;
        }
        boolean begun = false;
        try {
            call.ticker().runOnce("llmproxy-token", () -> run(call.ticker(), mine));
            begun = true;
        } finally {
            if (!begun) {
                end(mine);
            }
        }
    }

    private void run(Ticker ticker, TokenFetch mine) {
        HeldToken fetched = mine.ask(source);
        HeldToken old = held.get();
        if (old != null && old.isOverAt(ticker.nanos())) {
            old = null;
        }
        if (fetched == null) {
            failed(ticker, mine, old);
        } else if (old == null || running.get() == mine) {
            // What others did not wait for is too old, unless they have nothing better.
            held.set(fetched);
        }
        end(mine);
    }

    private void failed(Ticker ticker, TokenFetch mine, @Nullable HeldToken old) {
        if (old != null) {
            old.renewLaterThan(ticker.nanos());
            untold.set(mine);
        }
    }

    private void end(TokenFetch mine) {
        running.compareAndSet(mine, null);
        mine.finish();
    }

    @Override
    public void refused(CallContext call, Secret used, long sentAt, Fault fault) {
        if (!KeyRests.isOfKey(fault)) {
            return;
        }
        // Once per call: a new token that is refused like the old one was not too old.
        boolean renewable = !call.choice().hasTaken(Alternative.TOKEN)
                && isOfToken(fault)
                && giveUp(used, call.ticker().nanos());
        call.choice().offer(Alternative.TOKEN, renewable);
    }

    // A new one would be of the same account, and may do no more than the old one.
    private static boolean isOfToken(Fault fault) {
        return switch (fault.cause()) {
            case TOKEN_EXPIRED, KEY_INVALID, KEY_REVOKED -> true;
            default -> false;
        };
    }

    // Only the token that was refused: another call may have got a new one already.
    private boolean giveUp(Secret used, long now) {
        HeldToken token = held.get();
        if (token == null || !token.secret().equals(used)) {
            return true;
        }
        if (refusedInARow && now - givenUpAt < PAUSE_BETWEEN_REFUSALS) {
            return false;
        }
        if (held.compareAndSet(token, null)) {
            givenUpAt = now;
            refusedInARow = true;
        }
        return true;
    }

    @Override
    public void accepted(CallContext call, Secret used, long sentAt) {
        if (refusedInARow) {
            refusedInARow = false;
        }
    }

    @Override
    public boolean isUsable(CallContext call) {
        return true;
    }

    @Override
    public boolean isClear() {
        return true;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public boolean isShortLived() {
        return true;
    }

    @Override
    public String toString() {
        return "tokens of " + credential.origin().host();
    }
}
