package dev.llmproxy.route;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.chain.CallContext;

/**
 * Which deployments have a key that is good. Asking for it costs more than all the rest of a pick: it is asked only as long as
 * there is a reason to doubt any. Thread-safe.
 */
final class GoodKeys implements Keys {
    private final KeyRings keys;
    private volatile boolean doubted = true;

    GoodKeys(KeyRings keys) {
        this.keys = keys;
    }

    @Override
    public void doubt() {
        doubted = true;
    }

    @Override
    public long among(CallContext call, Member[] members, long mask) {
        return doubted ? asked(call, members, mask) : mask;
    }

    private long asked(CallContext call, Member[] members, long mask) {
        // Before it is looked at: whoever doubts it meanwhile is not overruled.
        doubted = false;
        if (!keys.isClear()) {
            doubted = true;
        }
        long good = 0;
        for (long left = mask; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            Deployment deployment = members[index].deployment();
            good |= keys.isUsable(call, deployment.name(), deployment.base()) ? 1L << index : 0;
        }
        return good;
    }

    @Override
    public String toString() {
        return doubted ? "in doubt" : "good";
    }
}
