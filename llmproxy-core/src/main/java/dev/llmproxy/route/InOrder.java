package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/** The first one. */
final class InOrder implements Picker {
    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        return Long.numberOfTrailingZeros(among);
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
