package dev.llmproxy.chain;

/**
 * What a stage does when a call has ended. The stage itself can be that: what it has to remember of the call lies on the
 * call, so that nothing has to be made for each.
 */
@FunctionalInterface
public interface CallEnd {
    /**
     * Called once when a call has ended, however it ended; for one of several ways that a call went at the same time when
     * that way has ended. By any thread. Must not throw.
     *
     * @param call the call, or that way of it
     */
    void ended(CallContext call);
}
