package dev.llmproxy.auth;

import dev.llmproxy.chain.Awaited;
import dev.llmproxy.fault.Fault;
import org.jspecify.annotations.Nullable;

/** The fetch of a token that is under way, for those who wait for it. Thread-safe. */
final class TokenFetch extends Awaited {
    private final Thread fetcher = Thread.currentThread();
    // Published by the end.
    private @Nullable HeldToken token;
    private @Nullable Fault fault;

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
