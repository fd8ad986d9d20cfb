package dev.llmproxy.cache;

import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The response cache of a running proxy: what it has done, and how to make it forget. Thread-safe. */
public final class LiveCache {
    private static final LiveCache NONE = new LiveCache(null);

    private final @Nullable CacheStage stage;

    LiveCache(@Nullable CacheStage stage) {
        this.stage = stage;
    }

    /** Is told of states of the store that fail no call. */
    @FunctionalInterface
    public interface Conditions {
        /**
         * Called each time.
         *
         * @param cause what it is
         * @param place where
         * @param explained what is told of it, asked for only when it is
         */
        void notice(FaultCause cause, String place, Supplier<Fault> explained);
    }

    /**
     * Returns the cache of a proxy that has none.
     *
     * @return all counts are zero, and there is nothing to forget
     */
    public static LiveCache none() {
        return NONE;
    }

    /**
     * Returns the counts since the proxy was built.
     *
     * @return a picture of this moment
     */
    public Statistics statistics() {
        return stage == null ? new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : stage.statistics();
    }

    /**
     * Forgets the answers of one tenant, here and on a shared store. Calls that are under way may store theirs afterwards.
     *
     * @param tenant the tenant, as calls name it
     * @throws IOException if the store cannot be reached: some may be left there
     */
    public void purge(String tenant) throws IOException {
        Objects.requireNonNull(tenant, "tenant");
        if (stage != null) {
            stage.purge(tenant);
        }
    }

    /**
     * Forgets all answers, here and on a shared store. Calls that are under way may store theirs afterwards.
     *
     * @throws IOException if the store cannot be reached: some may be left there
     */
    public void invalidateAll() throws IOException {
        if (stage != null) {
            stage.invalidateAll();
        }
    }

    /**
     * What a cache has done.
     *
     * @param hits calls that were answered from it
     * @param misses calls for which it had nothing
     * @param stale calls that it answered although the answer was no longer fresh
     * @param coalesced calls that were answered by an equal one that was under way
     * @param bypassed calls that had nothing to do with it
     * @param stored answers that were stored
     * @param refused answers that were not, although they were asked for with a key
     * @param storeFailures how often a shared store failed or had damaged entries
     * @param entries answers that are in memory now, about
     * @param bytes how much memory they are counted with
     */
    public record Statistics(
            long hits,
            long misses,
            long stale,
            long coalesced,
            long bypassed,
            long stored,
            long refused,
            long storeFailures,
            long entries,
            long bytes) {
        static Statistics of(Tally tally, Tiers tiers) {
            return new Statistics(
                    tally.of(CacheLookedUp.Outcome.HIT),
                    tally.of(CacheLookedUp.Outcome.MISS),
                    tally.of(CacheLookedUp.Outcome.STALE),
                    tally.of(CacheLookedUp.Outcome.COALESCED),
                    tally.of(CacheLookedUp.Outcome.BYPASS),
                    tally.stored.sum(),
                    tally.refused.sum(),
                    tally.storeFailures.sum(),
                    tiers.entries(),
                    tiers.bytes());
        }

        /** Returns the counts as a sentence. */
        @Override
        public String toString() {
            return hits + " hits, " + misses + " misses, " + stale + " stale, " + coalesced + " coalesced, " + bypassed
                    + " bypassed; " + stored + " stored, " + refused + " refused, " + storeFailures
                    + " store failures; " + entries + " entries, " + bytes + " bytes in memory";
        }
    }

    /** Returns the counts. */
    @Override
    public String toString() {
        return "cache: " + statistics();
    }
}
