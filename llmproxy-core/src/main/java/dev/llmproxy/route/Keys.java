package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/** The keys of the deployments, as far as a pick wants to know of them. Thread-safe. */
interface Keys {
    /** Returns which of several deployments have a good one for a call, or need none. */
    long among(CallContext call, Member[] members, long mask);

    /** Notes that a key was refused, or was not there. */
    void doubt();
}
