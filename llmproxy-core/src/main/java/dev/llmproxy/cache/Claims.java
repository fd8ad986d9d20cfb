package dev.llmproxy.cache;

import dev.llmproxy.cache.CacheStore.Lease;
import dev.llmproxy.chain.CallContext;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that of several processes with one store one fetches an answer, while the others wait for it: each once, for
 * no longer than the store says and half of the time that its call has left, and not at all where the store fails.
 * Thread-safe.
 */
final class Claims {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

    private final Tiers tiers;

    Claims(Tiers tiers) {
        this.tiers = tiers;
    }

    /**
     * Asks to fetch an answer, and waits while another process does.
     *
     * @param key the answer's key
     * @param call the call that is to fetch it, on whose thread this is
     * @return the answer, or the right to fetch it
     * @throws InterruptedIOException if the call is ended meanwhile
     */
    Claim ask(CacheKey key, CallContext call) throws InterruptedIOException {
        Found near = fresh(tiers.findNear(key, tiers.now()));
        if (near != null) {
            return Claim.of(near);
        }
        if (!tiers.isOnStore()) {
            return Claim.FREE;
        }
        Lease lease = tiers.lease(key);
        return lease == null ? awaited(key, call) : looked(key, Claim.of(lease, tiers::failed));
    }

    // Whoever had the right may have put the answer since we looked.
    private Claim looked(CacheKey key, Claim claim) {
        Found found = tiers.isFailing() ? null : fresh(tiers.find(key, tiers.now()));
        if (found == null) {
            return claim;
        }
        claim.close();
        return Claim.of(found);
    }

    private Claim awaited(CacheKey key, CallContext call) throws InterruptedIOException {
        long until = call.ticker().nanos() + longest(call);
        Duration pause = FIRST_PAUSE;
        for (long left = longest(call); left > 0; left = until - call.ticker().nanos()) {
            call.await(pause.toNanos() < left ? pause : Duration.ofNanos(left));
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            Lease lease = tiers.lease(key);
            if (lease != null) {
                return alone(looked(key, Claim.of(lease, tiers::failed)));
            }
        }
        return alone(looked(key, Claim.FREE));
    }

    // The one that was waited for got nothing that is kept. The next may fare the same, so nobody is to wait for it.
    private static Claim alone(Claim claim) {
        if (claim.found() != null) {
            return claim;
        }
        claim.close();
        return Claim.FREE;
    }

    private long longest(CallContext call) {
        long left = call.deadlineAt() - call.ticker().nanos();
        return Math.min(tiers.patienceNanos(), left / 2);
    }

    private @Nullable Found fresh(@Nullable Found found) {
        return found != null && found.isFresh(tiers.now()) ? found : null;
    }

    @Override
    public String toString() {
        return "claims on " + tiers;
    }
}
