package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import java.io.IOException;

/** The keys that one credential can be signed with, and what is known of them. Thread-safe. */
interface KeyRing {
    /**
     * Returns the key for the attempt to come: the key is read once per attempt, whoever changes it meanwhile.
     *
     * @throws IOException if there is none to be had
     */
    Secret next(CallContext call) throws IOException;

    /** Learns from the fault of an attempt that was sent at a moment, and says on the call what else there is. */
    void refused(CallContext call, Secret used, long sentAt, Fault fault);

    /** Learns that a key was taken that was sent at a moment. */
    void accepted(CallContext call, Secret used, long sentAt);

    /** Says whether there is a key that has not been set aside. */
    boolean isUsable(CallContext call);

    /** Says whether nothing is known against any of them, and there is one. */
    boolean isClear();

    /** Returns how many keys there are, 1 for tokens that replace each other. */
    int size();

    /** Says whether these are tokens that run out. */
    boolean isShortLived();
}
