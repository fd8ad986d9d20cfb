package dev.llmproxy.chain;

import dev.llmproxy.fault.LlmFaultException;

/** Hears what the HTTP client is about to send instead of what an attempt has handed it, and what answers no request. */
@FunctionalInterface
public interface SendingCheck {
    /**
     * Called before anything of the request is written, on the thread of the HTTP client.
     *
     * @param what what was changed: words of HTTP and lengths, never content
     * @throws LlmFaultException if it is not to be sent
     */
    void altered(String what) throws LlmFaultException;

    /**
     * Called when an answer has come that was there before the request was sent, before anybody gets it.
     *
     * @throws LlmFaultException if it is not to be handed on
     */
    default void answeredBefore() throws LlmFaultException {}
}
