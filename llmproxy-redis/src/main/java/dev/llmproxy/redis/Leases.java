package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheStore.Lease;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leases on keys: a value that only its holder knows, and that ends by itself. */
final class Leases {
    private static final int TOKEN_BYTES = 16;
    // Only whoever holds it ends it: it may have run out, and be another's by now.
    private static final String RELEASE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final Asking asking;
    private final Guard guard;
    private final Duration budget;
    private final SecureRandom random = new SecureRandom();

    Leases(Asking asking, Guard guard, Duration budget) {
        this.asking = asking;
        this.guard = guard;
        this.budget = budget;
    }

    Optional<Lease> lease(byte[] name, long longestMillis) throws IOException {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        SetArgs args = SetArgs.Builder.nx().px(longestMillis);
        boolean asked = false;
        try {
            String reply = asking.ask(guard, "lease a key", budget, commands -> commands.set(name, token, args));
            asked = true;
            return "OK".equals(reply) ? Optional.of(new Held(name, token)) : Optional.empty();
        } finally {
            if (!asked) {
                // It may yet be granted, to nobody.
                release(name, token);
            }
        }
    }

    private void release(byte[] name, byte[] token) {
        try {
            asking.requireConnection();
            guard.requireClosed();
            asking.<Long>tell(
                    "give back a lease",
                    commands -> commands.eval(RELEASE, ScriptOutputType.INTEGER, new byte[][] {name}, token),
                    (ok, failure) -> {});
        } catch (IOException e) {
            // It ends by itself.
        }
    }

    private final class Held implements Lease {
        private final byte[] name;
        private final byte[] token;
        private final AtomicBoolean closed = new AtomicBoolean();

        Held(byte[] name, byte[] token) {
            this.name = name;
            this.token = token;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release(name, token);
            }
        }
    }
}
