package dev.llmproxy.retry;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps repeats from multiplying the load on what is down: each place pays for its repeats with its successes, and all
 * together stay below a share of the calls. Thread-safe.
 */
final class RetryBudget {
    private static final int MOST_PLACES = 1_000;
    private static final String OTHERS = "others";
    private static final double SHARE = 0.2;
    private static final long ALWAYS_ALLOWED = 10;

    private final double ratio;
    private final RecentCount calls = new RecentCount();
    private final RecentCount repeats = new RecentCount();
    // Only those that are not full: what does not fail has none.
    private final Map<String, Bucket> buckets = new HashMap<>();
    private volatile boolean drawn;

    RetryBudget(double ratio) {
        this.ratio = ratio;
    }

    void callStarted(long now) {
        calls.add(now);
    }

    /** Says whether anything was taken that successes have to pay for. */
    boolean isDrawn() {
        return drawn;
    }

    /**
     * Pays for one repeat.
     *
     * @param first whether it is the first one of its call
     * @return whether there was enough
     */
    synchronized boolean take(String place, boolean first, long now) {
        long asked = calls.within(now);
        Bucket bucket = bucket(place, asked, now);
        if (first) {
            bucket.called(now);
        }
        long most = Math.max(ALWAYS_ALLOWED, (long) (Math.max(SHARE, ratio) * asked));
        if (repeats.within(now) >= most || !bucket.take(now)) {
            return false;
        }
        repeats.add(now);
        drawn = true;
        return true;
    }

    private Bucket bucket(String place, long asked, long now) {
        Bucket known = buckets.get(place);
        if (known == null && buckets.size() >= MOST_PLACES) {
            buckets.values().removeIf(bucket -> bucket.isFull(now));
        }
        String name = known != null || buckets.size() < MOST_PLACES ? place : OTHERS;
        Bucket bucket = buckets.computeIfAbsent(name, unknown -> new Bucket(asked, now));
        bucket.fit(asked);
        return bucket;
    }

    synchronized void earn(String place, long now) {
        Bucket bucket = buckets.get(place);
        if (bucket == null) {
            return;
        }
        bucket.called(now);
        bucket.earn(ratio, now);
        if (bucket.isFull(now)) {
            buckets.remove(place);
            drawn = !buckets.isEmpty();
        }
    }

    /** Says whether a place can afford more than what failures may need soon. */
    synchronized boolean hasReserve(String place, long now) {
        Bucket bucket = buckets.get(place);
        return bucket == null || bucket.hasReserve(now);
    }

    synchronized int places() {
        return buckets.size();
    }
}
