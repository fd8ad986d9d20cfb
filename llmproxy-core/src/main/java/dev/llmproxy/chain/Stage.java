package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.io.IOException;

/**
 * One step on the way of a call: it may change the request, hands it on with {@link Chain#proceed}, and may look at
 * what comes back. It runs on the caller's thread, for many calls at once, and keeps what belongs to one call in the
 * {@link CallContext} or in locals.
 */
@FunctionalInterface
public interface Stage {
    /**
     * Handles a request.
     *
     * @param request the request as the stage before handed it on
     * @param chain the rest of the way
     * @return the answer; whoever does not hand an answer on closes it
     * @throws IOException if there is none
     */
    LlmResponse handle(LlmRequest request, Chain chain) throws IOException;

    /** The rest of the way, as one stage sees it. */
    interface Chain {
        /**
         * Hands the request on. A stage around the call may do so again after it closed the answer; a stage around an
         * attempt may do so once, because what is sent is counted and may be billed.
         *
         * @param request the request
         * @return the answer; its body is open
         * @throws IOException if there is none
         */
        LlmResponse proceed(LlmRequest request) throws IOException;

        /**
         * Returns the call.
         *
         * @return what is known of the call that this request belongs to
         */
        CallContext call();

        /**
         * Returns the attempt.
         *
         * @return what is known of the attempt that this request belongs to
         * @throws IllegalStateException if the stage stands around the call, where no attempt has begun
         */
        Attempt attempt();
    }
}
