package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/**
 * The same deployment for the same beginning of a prompt, which it still has in its cache: weighted rendezvous hashing, so
 * that with one deployment less only that one's prompts move. Bounded: whoever has a quarter more to do than its weight
 * says, or no room in its limits, is passed over, else a prompt that everybody sends would end up at one place.
 * Thread-safe.
 */
final class Affinity implements Picker {
    private static final double BOUND = 1.25;
    private static final double UNIT = 0x1p-53;

    private final Shares shares;
    private final long[] seeds;
    private final LeastCost otherwise;

    Affinity(Member[] members, Shares shares, LeastCost otherwise) {
        this.shares = shares;
        this.otherwise = otherwise;
        this.seeds = new long[members.length];
        for (int i = 0; i < members.length; i++) {
            // By name: the same prompts go to the same place in every process.
            seeds[i] = PromptPrefix.mixed(members[i].deployment().name().hashCode());
        }
    }

    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        long prefix = PromptPrefix.of(call);
        return prefix == PromptPrefix.NONE ? otherwise.pick(call, lanes, among, now) : pick(prefix, lanes, among, now);
    }

    @Override
    public int pickAnyway(CallContext call, Lane[] lanes, long healthy, long among, long now) {
        return otherwise.pickAnyway(call, lanes, healthy, among, now);
    }

    private int pick(long prefix, Lane[] lanes, long among, long now) {
        int inFlight = 1;
        for (long left = among; left != 0; left &= left - 1) {
            inFlight += lanes[Long.numberOfTrailingZeros(left)].member().inFlight();
        }
        double each = BOUND * inFlight / shares.sum(among);
        for (long left = among; left != 0; ) {
            int best = highest(prefix, left);
            if (lanes[best].member().inFlight() < Math.ceil(each * shares.of(best)) && lanes[best].hasRoom(now)) {
                return best;
            }
            left &= ~(1L << best);
        }
        long room = Picker.withRoom(lanes, among, now);
        return highest(prefix, room == 0 ? among : room);
    }

    private int highest(long prefix, long among) {
        int best = Picker.NONE;
        double highest = -1;
        for (long left = among; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            double score = score(prefix, index);
            best = score > highest ? index : best;
            highest = Math.max(highest, score);
        }
        return best;
    }

    // StrictMath: the same in every process.
    private double score(long prefix, int index) {
        double chance = ((PromptPrefix.mixed(prefix ^ seeds[index]) >>> 11) + 1) * UNIT;
        return shares.of(index) / -StrictMath.log(Math.min(chance, 1 - UNIT));
    }

    @Override
    public String toString() {
        return "by the beginning of the prompt";
    }
}
