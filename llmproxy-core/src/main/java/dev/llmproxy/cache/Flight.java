package dev.llmproxy.cache;

import dev.llmproxy.chain.Awaited;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One upstream call that equal calls share, up to the moment in which its answer begins: who does not lead it waits for that
 * here. Thread-safe.
 */
final class Flight extends Awaited {
    private final ConcurrentMap<CacheKey, Flight> flights;
    private final CacheKey key;
    private final int failures;
    private final Relay relay;
    // Written before the end of the wait is told, which publishes it together with what the relay was given.
    private volatile @Nullable Outcome outcome;
    private @Nullable Flight next;

    /**
     * Constructs a flight.
     *
     * @param failures how many flights failed one after the other before this one
     */
    Flight(ConcurrentMap<CacheKey, Flight> flights, CacheKey key, long window, int failures) {
        this.flights = flights;
        this.key = key;
        this.failures = failures;
        this.relay = new Relay(window, this::over);
    }

    Relay relay() {
        return relay;
    }

    int failures() {
        return failures;
    }

    /** Lets go of the key: whoever comes from now on begins another flight. */
    void over() {
        flights.remove(key, this);
    }

    void decide(Outcome what) {
        if (what.head() == null) {
            over();
        }
        outcome = what;
        end();
    }

    boolean isDecided() {
        return outcome != null;
    }

    /** Returns what became of it. To be called when it is decided. */
    Outcome outcome() {
        Outcome known = outcome;
        return known == null ? Outcome.ABANDONED : known;
    }

    /**
     * Returns the flight after this one, in which all that have waited for this one meet again.
     *
     * @return the flight, and whether the caller is the one to lead it
     */
    synchronized Next next(long window) {
        Flight known = next;
        if (known != null) {
            return new Next(known, false);
        }
        boolean failed = outcome().fault() != null;
        Flight mine = new Flight(flights, key, window, failed ? failures + 1 : failures);
        Flight there = flights.putIfAbsent(key, mine);
        next = there == null ? mine : there;
        return new Next(next, there == null);
    }

    /** A flight, and whether it is the caller's to lead. */
    record Next(Flight flight, boolean leads) {}

    @Override
    public String toString() {
        return "flight: " + (isDecided() ? outcome() : "under way");
    }
}
