package dev.llmproxy.retry;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps repeats from multiplying the load on what is down: each place pays for its repeats with its successes, and all
 * together do once more, so that many places repeat no more than one. Thread-safe.
 */
final class RetryBudget {
    private static final int MOST_PLACES = 1_000;
    private static final String OTHERS = "others";

    private final double ratio;
    private final RecentCount calls = new RecentCount();
    // Only those that are not full: what does not fail has none.
    private final Map<String, Bucket> buckets = new HashMap<>();
    private @Nullable Bucket all;
    private volatile boolean drawn;

    /** What a repeat has cost. */
    enum Price {
        /** Nothing: calls that failed there are answered elsewhere. */
        FREE,
        /** Nothing as yet: nobody knows whether calls are answered elsewhere. */
        ON_TRUST,
        /** One of the place and one of all. */
        ONE,
        /** More than is there. */
        TOO_MUCH
    }

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
     * @param place where the call has failed
     * @param first whether it is the first one of its call
     * @param elsewhere whether it goes to another deployment, which costs nothing as long as calls are answered there:
     *     they do not load what is down. Has to be told by {@link #wentElsewhere} or {@link #cameBack}
     * @return what it has cost
     */
    synchronized Price take(String place, boolean first, boolean elsewhere, long now) {
        long asked = calls.within(now);
        Bucket bucket = bucket(place, asked, now);
        if (first) {
            bucket.called(now);
        }
        if (elsewhere && bucket.isServedElsewhere()) {
            return Price.FREE;
        }
        if (elsewhere && bucket.trust(asked, calls.lately(now))) {
            return Price.ON_TRUST;
        }
        Bucket shared = all(now);
        shared.fit(asked);
        if (!bucket.has(now) || !shared.has(now)) {
            return Price.TOO_MUCH;
        }
        bucket.take();
        shared.take();
        drawn = true;
        return Price.ONE;
    }

    private Bucket bucket(String place, long asked, long now) {
        Bucket known = buckets.get(place);
        if (known == null && buckets.size() >= MOST_PLACES) {
            buckets.values().removeIf(bucket -> bucket.isFull(now));
        }
        String name = known != null || buckets.size() < MOST_PLACES ? place : OTHERS;
        Bucket bucket = buckets.computeIfAbsent(name, unknown -> Bucket.ofPlace(asked, now));
        bucket.fit(asked);
        return bucket;
    }

    private Bucket all(long now) {
        Bucket known = all;
        if (known == null) {
            known = Bucket.ofAll(calls, now);
            all = known;
        }
        return known;
    }

    synchronized void earn(String place, long now) {
        Bucket shared = all(now);
        shared.earn(ratio, now);
        Bucket bucket = buckets.get(place);
        if (bucket != null) {
            bucket.called(now);
            bucket.earn(ratio, now);
            if (bucket.isFull(now)) {
                buckets.remove(place);
            }
        }
        drawn = !buckets.isEmpty() || !shared.isFull(now);
    }

    /**
     * Learns what has become of a call that failed at a place and went on to another deployment. Where it was answered in
     * the end, what it has cost is given back; where it was not, it costs what it was trusted with.
     */
    synchronized void wentElsewhere(String place, Price paid, boolean answered, long now) {
        cameBack(place, paid);
        Bucket bucket = buckets.get(place);
        if (bucket != null) {
            bucket.servedElsewhere(answered);
            if (answered) {
                bucket.earn(1, now);
            } else if (paid == Price.ON_TRUST) {
                bucket.take();
            }
        }
        if (answered && paid == Price.ONE) {
            all(now).earn(1, now);
        } else if (!answered && paid == Price.ON_TRUST) {
            all(now).take();
            drawn = true;
        }
    }

    /** A call that went on to another deployment was ended from outside: it says nothing of that. */
    synchronized void cameBack(String place, Price paid) {
        Bucket bucket = buckets.get(place);
        if (bucket != null && paid == Price.ON_TRUST) {
            bucket.trustedIsBack();
        }
    }

    /** Says whether a place, and all together, can afford more than what failures may need soon. */
    synchronized boolean hasReserve(String place, long now) {
        return hasReserve(buckets.get(place), now) && hasReserve(all, now);
    }

    // What nothing was taken from is full.
    private static boolean hasReserve(@Nullable Bucket bucket, long now) {
        return bucket == null || bucket.hasReserve(now);
    }

    synchronized int places() {
        return buckets.size();
    }
}
