package dev.llmproxy.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many a minute, of requests or of tokens: a sixth of it can be taken at once, and what was taken comes back evenly.
 * Kept as one number, the time at which the bucket would be full again, so that taking is one compare-and-set. May be
 * overdrawn by what is taken afterwards. Thread-safe.
 */
class RateBucket {
    static final double MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long BURST = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_BLOCK = Duration.ofHours(1).toNanos();
    // So that no sum of two of them passes the end of a long.
    private static final double LONGEST_COST = Duration.ofDays(10_000).toNanos();
    private static final double CUT = 0.8;
    private static final double LEAST_SHARE = 0.1;
    private static final double BACK_PER_NANO = 0.001 / Duration.ofSeconds(1).toNanos();
    private static final long BETWEEN_CUTS = Duration.ofSeconds(1).toNanos();
    // What one answer has told holds no longer than this where later ones tell nothing.
    private static final long FORGOTTEN = Duration.ofMinutes(5).toNanos();

    private final long perMinute;
    private final AtomicLong fullAt;
    // How long one takes to come back, and for how many there is room: both follow the limit that holds.
    private volatile double nanosEach;
    // Both written before it, so that who reads it first has those that belong to it.
    private long room;
    private double perRoom;
    private volatile long told;
    private volatile long toldAt;
    private double share = 1;
    private long shareAt;
    private volatile double ours = 1;

    RateBucket(long perMinute, long now) {
        this.perMinute = perMinute;
        this.fullAt = new AtomicLong(now);
        this.told = perMinute;
        pace();
    }

    /** Returns how many can be taken at once. */
    final long atOnce() {
        return Math.max(1, (long) (room / nanosEach));
    }

    /** Lets no more be taken than a part of it. */
    final synchronized void useShare(double part) {
        ours = part;
        pace();
    }

    /** Takes so many, unless there are too few; more than the bucket can hold only while it is full. */
    boolean tryTake(long count, long now) {
        long cost = cost(count);
        while (true) {
            long full = fullAt.get();
            long debt = Math.max(0, full - now);
            if (debt > 0 && debt + cost > room) {
                return false;
            }
            if (fullAt.compareAndSet(full, now + debt + cost)) {
                return true;
            }
        }
    }

    private long cost(long count) {
        return (long) Math.max(-LONGEST_COST, Math.min(LONGEST_COST, count * nanosEach));
    }

    /**
     * Takes so many in any case, or gives them back where the count is negative. What a provider says that an answer needed
     * may be absurd: nobody waits longer for that than for what it says of its limits.
     */
    void settle(long count, long now) {
        if (count > 0) {
            owe(cost(count), now);
        } else if (count < 0) {
            fullAt.addAndGet(cost(count));
        }
    }

    private void owe(long cost, long now) {
        long most = room + LONGEST_BLOCK;
        long full;
        long debt;
        do {
            full = fullAt.get();
            debt = Math.max(0, full - now);
        } while (!fullAt.compareAndSet(full, now + Math.max(debt, Math.min(debt + cost, most))));
    }

    /** Returns in how many nanoseconds so many can be taken when others have taken theirs, 0 for at once. */
    long nanosUntil(long others, long count, long now) {
        long debt = Math.max(0, fullAt.get() - now) + cost(others);
        return debt == 0 ? 0 : Math.max(0, debt + Math.min(cost(count), room) - room);
    }

    /** Returns how much of the bucket is left, from 0, also where so many cannot be taken, to 1. */
    double left(long count, long now) {
        long debt = fullAt.get() - now;
        if (debt <= 0) {
            return 1;
        }
        return debt + cost(count) > room ? 0 : 1 - debt * perRoom;
    }

    /** Learns from the provider how much there is left of its own: never more than that. */
    void leaveAtMost(long count, long now) {
        long debt = room - cost(count);
        if (debt > 0) {
            raise(now + debt);
        }
    }

    /** Lets nothing be taken for a time. */
    void block(long nanos, long now) {
        raise(now + room + Math.min(nanos, LONGEST_BLOCK));
    }

    private void raise(long least) {
        // A count of nanoseconds may begin anywhere: only differences mean something.
        fullAt.accumulateAndGet(least, (known, given) -> known - given < 0 ? given : known);
    }

    /** Learns the provider's own limit; the lower one holds. */
    void limitedTo(long limit, long now) {
        if (limit > 0) {
            toldAt = now;
            limit(Math.min(perMinute, limit));
        }
    }

    private void limit(long lower) {
        if (told != lower) {
            told = lower;
            pace();
        }
    }

    /** The provider has refused what should have fitted: somebody else uses the same limit. */
    synchronized void refused(long now) {
        if (share == 1 || now - shareAt >= BETWEEN_CUTS) {
            share = Math.max(LEAST_SHARE, shareNow(now) * CUT);
            shareAt = now;
            pace();
        }
    }

    /** An answer has come: step by step the whole limit is used again. */
    void accepted(long now) {
        if (told != perMinute && now - toldAt > FORGOTTEN) {
            limit(perMinute);
        }
        if (nanosEach * told * ours > MINUTE * 1.000_001) {
            recover(now);
        }
    }

    private synchronized void recover(long now) {
        share = shareNow(now);
        shareAt = now;
        pace();
    }

    private double shareNow(long now) {
        return Math.min(1, share + Math.max(0, now - shareAt) * BACK_PER_NANO);
    }

    private synchronized void pace() {
        double each = MINUTE / (told * share * ours);
        // Where one alone is more than a burst, there is room for that one.
        room = Math.max(BURST, (long) each);
        perRoom = 1.0 / room;
        nanosEach = each;
    }

    /** Returns how many a minute can be taken now. */
    long perMinute() {
        return Math.round(MINUTE / nanosEach);
    }

    @Override
    public String toString() {
        return perMinute() + " a minute";
    }
}
