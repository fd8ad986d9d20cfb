package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import java.util.random.RandomGenerator;

/**
 * The cheaper one of two that chance picks (power of two choices): how long its first token takes, times how busy it is for
 * its weight, times how often it failed lately. Looking at all of them would send every call to the same one, until it
 * tells that it was too many. Thread-safe.
 */
final class LeastCost implements Picker {
    // Costs that differ by less are equal: then the weights decide.
    private static final double ALIKE = 1.1;
    private static final long LOW_BITS = 0xFFFF_FFFFL;

    private final Shares shares;
    private final RandomGenerator random;

    LeastCost(Shares shares, RandomGenerator random) {
        this.shares = shares;
        this.random = random;
    }

    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        int count = Long.bitCount(among);
        if (count == 1) {
            return Long.numberOfTrailingZeros(among);
        }
        long chance = random.nextLong();
        int first = (int) (((chance & LOW_BITS) * count) >>> Integer.SIZE);
        int second = (int) (((chance >>> Integer.SIZE) * (count - 1)) >>> Integer.SIZE);
        second += second >= first ? 1 : 0;
        int one = nth(among, first);
        int other = nth(among, second);
        double leftOfOne = lanes[one].headroom(now);
        double leftOfOther = lanes[other].headroom(now);
        boolean streaming = call.info().facts().streaming();
        if (leftOfOne <= 0 && leftOfOther <= 0) {
            long room = Picker.withRoom(lanes, among, now);
            if (room != 0) {
                return leastOf(lanes, room, streaming, now);
            }
        }
        return better(lanes, one, leftOfOne, other, leftOfOther, streaming, now);
    }

    // Two of few would often be none that is healthy. What is shut costs as much as what has just failed four times.
    @Override
    public int pickAnyway(CallContext call, Lane[] lanes, long healthy, long among, long now) {
        return leastOf(lanes, among, call.info().facts().streaming(), now);
    }

    private int leastOf(Lane[] lanes, long among, boolean streaming, long now) {
        int best = Long.numberOfTrailingZeros(among);
        for (long rest = among & (among - 1); rest != 0; rest &= rest - 1) {
            int other = Long.numberOfTrailingZeros(rest);
            best = better(lanes, best, lanes[best].headroom(now), other, lanes[other].headroom(now), streaming, now);
        }
        return best;
    }

    private static int nth(long among, int n) {
        long left = among;
        for (int i = 0; i < n; i++) {
            left &= left - 1;
        }
        return Long.numberOfTrailingZeros(left);
    }

    private int better(
            Lane[] lanes, int one, double leftOfOne, int other, double leftOfOther, boolean streaming, long now) {
        Lane a = lanes[one];
        Lane b = lanes[other];
        double latencyOfA = a.firstToken(streaming).lately(now);
        double latencyOfB = b.firstToken(streaming).lately(now);
        double ofA = latency(a, latencyOfA, latencyOfB) * a.burden(shares.of(one), leftOfOne, now);
        double ofB = latency(b, latencyOfB, latencyOfA) * b.burden(shares.of(other), leftOfOther, now);
        if (ofA <= ofB * ALIKE && ofB <= ofA * ALIKE) {
            double share = shares.of(one) / (shares.of(one) + shares.of(other));
            return random.nextDouble() < share ? one : other;
        }
        return ofA < ofB ? one : other;
    }

    // What is not known is as usual, and what is shut is no faster than what is not.
    private static double latency(Lane of, double own, double others) {
        if (own == 0 || (own < others && !of.isOpen())) {
            return others == 0 ? 1 : others;
        }
        return own;
    }

    @Override
    public String toString() {
        return "least cost of two";
    }
}
