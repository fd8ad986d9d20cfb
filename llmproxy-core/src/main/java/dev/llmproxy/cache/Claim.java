package dev.llmproxy.cache;

import dev.llmproxy.cache.CacheStore.Lease;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the leader of a flight begins with: an answer that another flight or another process has stored meanwhile, or the
 * right to fetch one, which is given back when the answer was put or will not come.
 */
final class Claim implements AutoCloseable {
    /** The right to fetch that nobody else waits for. */
    static final Claim FREE = new Claim(null, Lease.NONE, thrown -> {});

    private final @Nullable Found found;
    private final Lease lease;
    private final Consumer<Exception> failed;

    private Claim(@Nullable Found found, Lease lease, Consumer<Exception> failed) {
        this.found = found;
        this.lease = lease;
        this.failed = failed;
    }

    static Claim of(Found found) {
        return new Claim(found, Lease.NONE, thrown -> {});
    }

    /**
     * Returns a claim by a lease.
     *
     * @param failed is told what the lease throws, which it should not
     */
    static Claim of(Lease lease, Consumer<Exception> failed) {
        return new Claim(null, lease, failed);
    }

    /** Returns the answer that need not be fetched; null where it has to be. */
    @Nullable
    Found found() {
        return found;
    }

    /** Gives the right back. Never throws; closing it again does nothing. */
    @Override
    public void close() {
        try {
            lease.close();
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }

    @Override
    public String toString() {
        return found != null ? "found" : lease == Lease.NONE ? "free" : "leased";
    }
}
