package dev.llmproxy.auth;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a short-lived token and gets a new one in time. One call at a time gets it, on its own thread and without a lock:
 * a while before the end the others go on with the old token; when it is as good as over, or was refused, they wait.
 */
final class TokenKeeper implements KeyRing {
    // Tokens that are all refused are not to be fetched by every call.
    private static final long PAUSE_BETWEEN_REFUSALS = Duration.ofSeconds(10).toNanos();

    private final Credentials credential;
    private final TokenSource source;
    private final AtomicReference<@Nullable HeldToken> held = new AtomicReference<>();
    private final AtomicReference<@Nullable TokenFetch> running = new AtomicReference<>();
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

    // The old token is good still: neither does anybody wait for another's fetch, nor does a call fail by its own.
    private Secret renewAhead(CallContext call, HeldToken old) throws IOException {
        TokenFetch mine = new TokenFetch(call);
        TokenFetch other = running.compareAndExchange(null, mine);
        if (other != null) {
            leaveIfGivenUp(other);
            return old.secret();
        }
        fetch(call, mine);
        HeldToken fetched = mine.token();
        if (fetched != null) {
            return fetched.secret();
        }
        old.renewLaterThan(call.ticker().nanos());
        Fault fault = mine.fault();
        if (fault != null) {
            call.emit(new LlmEvent.FaultDetected(call.info(), 0, fault));
        }
        return old.secret();
    }

    private Secret fetch(CallContext call) throws IOException {
        while (true) {
            TokenFetch mine = new TokenFetch(call);
            TokenFetch other = running.compareAndExchange(null, mine);
            TokenFetch fetch = other == null ? mine : other;
            if (other == null) {
                fetchUnlessThere(call, mine);
            } else if (other.isOfThisThread()) {
                throw call.raise(AuthFaults.badToken(call, credential, "is fetched with a call that it is to sign"));
            } else {
                call.awaitUntil(other);
            }
            HeldToken fetched = fetch.token();
            if (fetched != null) {
                return fetched.secret();
            }
            Fault fault = fetch.fault();
            if (fault != null) {
                throw call.raise(fault);
            }
            // Whoever fetched was ended before it knew, and may be stuck in the source still.
            leaveIfGivenUp(fetch);
        }
    }

    private void leaveIfGivenUp(TokenFetch fetch) {
        if (fetch.isGivenUp()) {
            running.compareAndSet(fetch, null);
        }
    }

    private void fetchUnlessThere(CallContext call, TokenFetch mine) throws IOException {
        HeldToken meanwhile = held.get();
        if (meanwhile == null || meanwhile.isOverAt(call.ticker().nanos())) {
            fetch(call, mine);
        } else {
            running.compareAndSet(mine, null);
            mine.end(meanwhile, null);
        }
    }

    private void fetch(CallContext call, TokenFetch mine) throws IOException {
        HeldToken fetched = null;
        Fault fault = null;
        try {
            Token token = source.fetch();
            fault = problemOf(call, token);
            fetched = fault == null ? HeldToken.of(token, call.ticker()) : null;
        } catch (IOException | RuntimeException e) {
            call.throwIfEnded();
            fault = AuthFaults.sourceFailed(call, credential, e);
        } finally {
            // Whatever was thrown: nobody must wait for a fetch that is over. One that others have left is too old.
            if (fetched != null && running.get() == mine) {
                held.set(fetched);
            }
            running.compareAndSet(mine, null);
            mine.end(fetched, fault);
        }
    }

    @SuppressWarnings("ConstantValue") // sources are the application's, and may not be checked
    private @Nullable Fault problemOf(CallContext call, @Nullable Token token) {
        if (token == null) {
            return AuthFaults.badToken(call, credential, "is null");
        }
        String text = token.secret().reveal();
        String problem =
                text.isEmpty() ? "is empty" : CredentialHeaders.problemOf(text).orElse(null);
        return problem == null ? null : AuthFaults.badToken(call, credential, problem);
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
