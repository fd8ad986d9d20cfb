package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/** Picks one of several deployments. Deployments are the bits of a mask, so that nothing is made for a pick. */
interface Picker {
    /** What is picked where nothing is to be. */
    int NONE = -1;

    /**
     * Picks one that is healthy.
     *
     * @param lanes what is known of the model at all deployments of the route
     * @param among which of them may be picked, at least one
     * @return its index, or {@link #NONE}
     */
    int pick(CallContext call, Lane[] lanes, long among, long now);

    /**
     * Picks one where few are healthy or none.
     *
     * @param healthy those of them that are, perhaps none
     */
    default int pickAnyway(CallContext call, Lane[] lanes, long healthy, long among, long now) {
        return pick(call, lanes, healthy == 0 ? among : healthy, now);
    }

    /** Returns those of several whose limits let a call in at once: a place that has room is better than a wait. */
    static long withRoom(Lane[] lanes, long among, long now) {
        long room = among;
        for (long left = among; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            room &= lanes[index].hasRoom(now) ? room : ~(1L << index);
        }
        return room;
    }

    /** Says whether calls go to others only where the one before is not there, so that nobody need know how it is. */
    default boolean isInOrder() {
        return false;
    }
}
