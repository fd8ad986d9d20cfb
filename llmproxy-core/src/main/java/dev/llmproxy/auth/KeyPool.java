package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one credential. The first one is used as long as it is good; the next ones take over while it is rejected,
 * limited or used up. Where none is good the one is used that is free first: the provider may have changed its mind, and
 * its answer says more than this could.
 */
final class KeyPool implements KeyRing {
    private final Credentials credential;
    private final PooledKey[] keys;

    KeyPool(Credentials credential, List<ApiKey> keys) {
        this.credential = credential;
        this.keys = keys.stream().map(PooledKey::new).toArray(PooledKey[]::new);
    }

    @Override
    public Secret next(CallContext call) throws IOException {
        return keys.length == 1 ? read(call, keys[0]) : pick(call);
    }

    private Secret pick(CallContext call) throws IOException {
        long now = call.ticker().nanos();
        PooledKey freeFirst = keys[0];
        long earliest = Long.MAX_VALUE;
        for (PooledKey key : keys) {
            Secret secret = sendable(call, key);
            long free = secret == null ? Long.MAX_VALUE : key.freeAt(secret, call.info(), now);
            if (secret != null && free <= now) {
                return secret;
            }
            freeFirst = free < earliest ? key : freeFirst;
            earliest = Math.min(earliest, free);
        }
        return read(call, freeFirst);
    }

    // A key that cannot be sent is passed over where there are others, and told of once: somebody has to mend it.
    private @Nullable Secret sendable(CallContext call, PooledKey key) {
        try {
            Secret secret = key.sendable();
            if (secret == null && key.isNews()) {
                tell(call, problemOf(call, key.key()));
            }
            return secret;
        } catch (RuntimeException e) {
            if (key.isNews()) {
                tell(call, AuthFaults.sourceFailed(call, credential, e));
            }
            return null;
        }
    }

    private static void tell(CallContext call, Fault fault) {
        call.emit(new LlmEvent.FaultDetected(call.info(), 0, fault));
    }

    private Fault problemOf(CallContext call, ApiKey key) {
        Secret secret = key.read().orElse(null);
        return secret == null
                ? AuthFaults.missing(call, credential, key)
                : AuthFaults.malformed(call, credential, key, String.valueOf(key.problemOf(secret)));
    }

    private Secret read(CallContext call, PooledKey key) throws IOException {
        Fault fault;
        try {
            Secret secret = key.sendable();
            if (secret != null) {
                return secret;
            }
            fault = problemOf(call, key.key());
        } catch (RuntimeException e) {
            fault = AuthFaults.sourceFailed(call, credential, e);
        }
        throw call.raise(fault);
    }

    @Override
    public void refused(CallContext call, Secret used, long sentAt, Fault fault) {
        if (KeyRests.isOfKey(fault)) {
            setAside(call, used, sentAt, fault);
        }
        call.choice().offer(Alternative.KEY, isUsable(call, used));
    }

    private void setAside(CallContext call, Secret used, long sentAt, Fault fault) {
        Optional<Duration> rest = KeyRests.of(fault);
        long now = call.ticker().nanos();
        long until = rest.map(time -> now + time.toNanos()).orElse(PooledKey.UNTIL_IT_CHANGES);
        Rest resting = new Rest(used, now, until);
        boolean known = false;
        for (PooledKey key : keys) {
            // A key that was changed while it was refused has nobody to blame.
            if (isPresent(key, used)) {
                key.rest(KeyRests.isOfModel(fault) ? call.info() : null, resting, sentAt);
                known = true;
            }
        }
        if (known && keys.length > 1) {
            call.emit(new LlmEvent.KeySetAside(
                    call.info(), credential.origin().host(), used.fingerprint(), fault.cause(), rest));
        }
    }

    private static boolean isPresent(PooledKey key, Secret used) {
        try {
            return key.key().read().filter(used::equals).isPresent();
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void accepted(CallContext call, Secret used, long sentAt) {
        for (PooledKey key : keys) {
            if (key.isSetAside() && isPresent(key, used)) {
                key.accepted(call.info(), sentAt);
            }
        }
    }

    @Override
    public boolean isUsable(CallContext call) {
        return isUsable(call, null);
    }

    /** Says whether there is a key that has not been set aside, other than the one that was just used. */
    private boolean isUsable(CallContext call, @Nullable Secret used) {
        long now = call.ticker().nanos();
        for (PooledKey key : keys) {
            if (isUsable(key, call, used, now)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUsable(PooledKey key, CallContext call, @Nullable Secret used, long now) {
        try {
            Secret secret = key.sendable();
            return secret != null
                    && (used == null || !secret.equals(used))
                    && key.freeAt(secret, call.info(), now) <= now;
        } catch (RuntimeException e) {
            // Whoever asks it for the key will be told.
            return false;
        }
    }

    @Override
    public boolean isClear() {
        boolean isOneThere = false;
        for (PooledKey key : keys) {
            if (key.isSetAside()) {
                return false;
            }
            isOneThere |= isThere(key);
        }
        return isOneThere;
    }

    private static boolean isThere(PooledKey key) {
        try {
            return key.sendable() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public boolean isShortLived() {
        return false;
    }

    @Override
    public String toString() {
        return keys.length == 1 ? keys[0].toString() : keys.length + " keys, the first is " + keys[0];
    }
}
