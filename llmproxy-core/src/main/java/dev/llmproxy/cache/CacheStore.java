package dev.llmproxy.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okio.ByteString;

/**
 * Where answers are kept. An implementation may lose any of them at any time, but never changes one: it returns what was
 * put under exactly that key, or nothing.
 *
 * <p>Called on the threads of calls, so it answers fast or fails: what it throws is a miss and an event, never a failed
 * call. Thread-safe. It belongs to the application, which closes it after the proxy where it needs that.
 */
public interface CacheStore {
    /**
     * Returns the secret that keys are hashed with. Proxies find each other's answers only where it is the same.
     *
     * @return at least 32 bytes, always the same; never printed
     */
    ByteString secret();

    /**
     * Returns what was put.
     *
     * @param key under what
     * @return the answer; nothing if there is none, it is too old or it is damaged
     * @throws IOException if that cannot be found out now
     */
    Optional<CachedAnswer> get(CacheKey key) throws IOException;

    /**
     * Keeps an answer, in place of what was there before.
     *
     * @param key under what
     * @param answer the answer
     * @param keep for how long at the most
     * @throws IOException if it cannot be kept
     */
    void put(CacheKey key, CachedAnswer answer, Duration keep) throws IOException;

    /**
     * Forgets the answers of one tenant.
     *
     * @param tenant what the keys of the tenant begin with: {@link CacheKey#tenant()}
     * @throws IOException if some may be left
     */
    void purge(ByteString tenant) throws IOException;

    /**
     * Forgets all answers that were put with the same {@link #secret()}.
     *
     * @throws IOException if some may be left
     */
    void clear() throws IOException;

    /**
     * Asks to be the one that fetches an answer, so that other processes wait for it instead of asking for the same. It
     * saves a call and nothing depends on it: where it cannot be had in time, both fetch.
     *
     * @param key the answer's key
     * @param longest after which time it ends by itself
     * @return what is closed when the answer was put or will not come; nothing while another process fetches it
     * @throws IOException if that cannot be found out now
     */
    default Optional<Lease> lease(CacheKey key, Duration longest) throws IOException {
        return Optional.of(Lease.NONE);
    }

    /**
     * Returns for how long a call waits for an answer that another process is fetching, at the most; it never takes more than
     * half of the time that the call has left. A {@linkplain #lease lease} is asked for as long.
     *
     * @return the time; zero where no call waits. 10 seconds unless it is overridden
     */
    default Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** The right to fetch an answer for other processes, too. */
    @FunctionalInterface
    interface Lease extends AutoCloseable {
        /** That of a store that only one process uses. */
        Lease NONE = () -> {};

        /** Gives it back. Never throws; closing it again does nothing. */
        @Override
        void close();
    }
}
