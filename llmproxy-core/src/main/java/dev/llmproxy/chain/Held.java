package dev.llmproxy.chain;

import dev.llmproxy.event.CallInfo;
import org.jspecify.annotations.Nullable;

/** Something that calls hold until they have ended. Shared by them: what is held by one call is a number. */
@FunctionalInterface
public interface Held {
    /**
     * Takes back what a call held. Called once, by any thread; must not throw.
     *
     * @param call which call it was
     * @param amount how much
     * @param attempt the attempt whose answer was read meanwhile, or null
     */
    void release(CallInfo call, long amount, @Nullable Attempt attempt);
}
