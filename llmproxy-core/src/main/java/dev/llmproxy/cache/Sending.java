package dev.llmproxy.cache;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.AnswerTap;
import dev.llmproxy.chain.CallContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** How one call gets its answer when no flight has it: what a flight asks of the call that leads it. */
interface Sending {
    /**
     * Asks for the right to fetch the answer, when the call has become the leader of its flight: an equal flight may have
     * ended, and its answer been stored, since the store was asked, and another process may be fetching it.
     *
     * @return the right; nothing is fetched where it holds the answer
     * @throws InterruptedIOException if the call is ended while it waits
     */
    Claim claim() throws InterruptedIOException;

    /**
     * Hands out the answer that a claim has found.
     *
     * @param found the answer
     * @return an answer of the call's own
     */
    LlmResponse stored(Found found);

    /**
     * Runs the rest of the chain.
     *
     * @param as the context to run it with: that of the call itself, or that of the flight that it leads
     * @return the answer
     * @throws IOException if there is none
     */
    LlmResponse send(CallContext as) throws IOException;

    /**
     * Says whether what was sent last is what the key was made of. What comes of anything else is the leader's alone.
     *
     * @param as the context that it was sent with
     * @return whether others may have its answer, or its failure
     */
    boolean isAsKeyed(CallContext as);

    /**
     * Returns who is to hear the bytes of an answer.
     *
     * @param as the context that the answer came with
     * @param answer the answer; its body is not to be touched
     * @return a recording; null where the answer is not to be stored
     */
    @Nullable
    AnswerTap tap(CallContext as, LlmResponse answer);
}
