package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/** The first one that has room, else the first one. */
final class InOrder implements Picker {
    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        int first = Long.numberOfTrailingZeros(among);
        long room = lanes[first].hasRoom(now) ? among : Picker.withRoom(lanes, among, now);
        return room == 0 ? first : Long.numberOfTrailingZeros(room);
    }

    @Override
    public boolean isInOrder() {
        return true;
    }

    @Override
    public String toString() {
        return "in order";
    }
}
