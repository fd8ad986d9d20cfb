package dev.llmproxy.cache;

import dev.llmproxy.call.CacheMode;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Answers a call from the cache where it can: with an answer that is fresh, with that of an equal call under way, with one
 * that is no longer fresh in place of a failure. Whatever is sent for it runs inside.
 */
public final class CacheStage implements Stage, AutoCloseable {
    private final ResponseCache cache;
    private final Stage[] rest;
    private final Keys keys;
    private final Tiers tiers;
    private final Claims claims;
    private final Flights flights;
    private final Refusals refusals;
    private final Refreshes refreshes;
    private final Shelf shelf;
    private final Tally tally = new Tally();
    private final Lookups lookups = new Lookups(tally);

    /** Runs a call of the proxy's own, which ends at this stage and not before. */
    @FunctionalInterface
    public interface Beside {
        /**
         * Runs it on this thread.
         *
         * @param request the request
         * @param options what is asked of the call
         * @param transport what sends
         * @return the answer
         * @throws IOException if there is none
         */
        LlmResponse run(LlmRequest request, CallOptions options, Transport transport) throws IOException;
    }

    /**
     * Constructs the stage.
     *
     * @param cache the setting
     * @param rest all stages behind it, as {@link dev.llmproxy.chain.StageChain#of} returns them
     * @param ticker the time
     * @param random spreads the times at which answers run out
     * @param beside runs the call that replaces an answer
     * @param configured the identity of the credential that the proxy adds to requests for a URL
     * @param listener is told what belongs to no call
     * @param conditions is told when a store fails
     */
    public CacheStage(
            ResponseCache cache,
            Stage[] rest,
            Ticker ticker,
            RandomGenerator random,
            Beside beside,
            Function<LlmUrl, Optional<ByteString>> configured,
            Consumer<LlmEvent> listener,
            LiveCache.Conditions conditions) {
        this.cache = Objects.requireNonNull(cache, "cache");
        this.rest = rest;
        CacheStore store = cache.store();
        ByteString secret = store == null ? Secrets.random() : store.secret();
        this.keys = new Keys(secret, cache.isShared(), configured);
        this.tiers = new Tiers(cache, ticker, tally, conditions);
        this.claims = new Claims(tiers);
        this.flights = new Flights(cache.maxEntryBytes());
        this.refusals = new Refusals(ticker);
        this.refreshes = new Refreshes(beside);
        this.shelf = new Shelf(cache, tiers, tally, random, listener);
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        CallContext call = chain.call();
        CacheMode mode = call.options().cache();
        KeyedRequest keyed = mode == CacheMode.BYPASS ? Lookups.NOT_ASKED : keys.of(call, request);
        CacheKey key = isTaken(keyed, mode) ? keyed.key() : null;
        Fetch fetch = new Fetch(this, call, key, request);
        if (key == null) {
            return mode == CacheMode.ONLY_IF_CACHED
                    ? lookups.absent(call, keyed.reason())
                    : lookups.bypassed(call, keyed.reason(), fetch);
        }
        // Whoever wants a new answer joins no call that may have begun before it was wanted.
        return mode == CacheMode.REFRESH
                ? fetched(call, key, null, fetch, false)
                : lookedUp(call, key, mode, request, fetch);
    }

    private LlmResponse lookedUp(CallContext call, CacheKey key, CacheMode mode, LlmRequest request, Fetch fetch)
            throws IOException {
        long now = tiers.now();
        Found found = tiers.find(key, now);
        if (found != null && found.isFresh(now)) {
            return lookups.hit(call, found, now);
        }
        if (mode == CacheMode.ONLY_IF_CACHED) {
            return lookups.absent(call, found == null ? "nothing is stored" : "what is stored is no longer fresh");
        }
        Refusals.Again again = refusals.find(key, call);
        if (again != null) {
            return lookups.refused(call, again);
        }
        if (found != null && isGoodMeanwhile(found, now) && refreshes.start(key, call, request)) {
            return lookups.stale(call, found, now, null);
        }
        return fetched(call, key, found, fetch, cache.sharesFlights());
    }

    private boolean isGoodMeanwhile(Found found, long now) {
        return now < found.freshUntil() + cache.staleWhileRevalidate().toMillis();
    }

    private boolean isTaken(KeyedRequest keyed, CacheMode mode) {
        return keyed.deterministic() || cache.takesAll() || mode == CacheMode.STORE;
    }

    private LlmResponse fetched(CallContext call, CacheKey key, @Nullable Found found, Fetch fetch, boolean shares)
            throws IOException {
        Joined joined;
        try {
            joined = shares ? flights.join(key, call, fetch) : Flights.alone(call, fetch);
        } catch (LlmFaultException e) {
            Found instead = inPlaceOf(e.fault(), found, call);
            if (instead != null) {
                return lookups.stale(call, instead, tiers.now(), e.fault());
            }
            lookups.failed(call, e.fault());
            throw e;
        }
        Fault fault = faultOf(call, joined.answer());
        if (fault == null) {
            return lookups.answered(call, joined);
        }
        Found instead = inPlaceOf(fault, found, call);
        if (instead != null) {
            joined.answer().close();
            return lookups.stale(call, instead, tiers.now(), fault);
        }
        if (joined.how() != Joined.How.COALESCED && fetch.isOfItsKeyAlone(call)) {
            refusals.remember(key, call, joined.answer(), fault);
        }
        return lookups.answered(call, joined);
    }

    private @Nullable Found inPlaceOf(Fault fault, @Nullable Found found, CallContext call) {
        boolean isServed = found != null
                && fault.cause().stale()
                && !call.isCancelled()
                && tiers.now() < found.freshUntil() + cache.staleIfError().toMillis();
        return isServed ? found : null;
    }

    private static @Nullable Fault faultOf(CallContext call, LlmResponse answer) {
        List<Fault> faults = call.faults();
        return answer.isSuccessful() || faults.isEmpty() ? null : faults.get(faults.size() - 1);
    }

    Stage[] rest() {
        return rest;
    }

    Shelf shelf() {
        return shelf;
    }

    Claims claims() {
        return claims;
    }

    LlmResponse hit(CallContext call, Found found) {
        return lookups.hit(call, found, tiers.now());
    }

    /**
     * Returns what users see of the cache.
     *
     * @return the live view
     */
    public LiveCache live() {
        return new LiveCache(this);
    }

    LiveCache.Statistics statistics() {
        return LiveCache.Statistics.of(tally, tiers);
    }

    void purge(String tenant) throws IOException {
        ByteString prefix = keys.tenant(tenant);
        refusals.purge(prefix);
        tiers.purge(prefix);
    }

    void invalidateAll() throws IOException {
        refusals.clear();
        tiers.clear();
    }

    /** Ends what runs beside calls. */
    @Override
    public void close() {
        refreshes.close();
    }

    @Override
    public String toString() {
        return "cache";
    }
}
