package dev.llmproxy.auth;

import dev.llmproxy.chain.Awaited;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import org.jspecify.annotations.Nullable;

/** The fetch of a token that is under way, for those who wait for it. Thread-safe. */
final class TokenFetch extends Awaited {
    private final Thread fetcher = Thread.currentThread();
    private final CallContext call;
    // Published by the end.
    private @Nullable HeldToken token;
    private @Nullable Fault fault;

    TokenFetch(CallContext call) {
        this.call = call;
    }

    /** Says whether the call that fetches was ended: a source that hangs may never come back. */
    @Override
    protected boolean isGivenUp() {
        return call.isCancelled();
    }

    /** Says whether it would wait for itself: the source makes a call that needs the token it is to get. */
    boolean isOfThisThread() {
        return fetcher == Thread.currentThread();
    }

    void end(@Nullable HeldToken fetched, @Nullable Fault failed) {
        token = fetched;
        fault = failed;
        end();
    }

    /** Returns what was fetched; null where it failed. */
    @Nullable
    HeldToken token() {
        return token;
    }

    /** Returns why it failed; null where something was fetched. */
    @Nullable
    Fault fault() {
        return fault;
    }
}
