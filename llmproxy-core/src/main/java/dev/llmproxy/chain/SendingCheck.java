package dev.llmproxy.chain;

import dev.llmproxy.fault.LlmFaultException;

/** Hears what the HTTP client is about to send instead of what an attempt has handed it. */
@FunctionalInterface
public interface SendingCheck {
    /**
     * Called before anything of the request is written, on the thread of the HTTP client.
     *
     * @param what what was changed: words of HTTP and lengths, never content
     * @throws LlmFaultException if it is not to be sent
     */
    void altered(String what) throws LlmFaultException;
}
