package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.event.LlmEvent;

/** A part of a call that runs with a {@link CallContext} of its own, and what that context asks of it. */
abstract class Part {
    /** Returns how many attempts the call has, as far as this part knows. */
    abstract int attemptCount();

    abstract Attempt begin(LlmRequest sent);

    /** Tells the listeners as the call does. */
    abstract void tell(LlmEvent event, long now);

    /** Says whether that has ended whose end the end of this part's answer is. */
    abstract boolean hasEnded();

    /** Ends it, once; returns whether it was this that has ended it. */
    abstract boolean end(LlmEvent.OfCall event, long now);
}
