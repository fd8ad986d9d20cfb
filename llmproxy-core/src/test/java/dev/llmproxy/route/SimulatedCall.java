package dev.llmproxy.route;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import org.jspecify.annotations.Nullable;

/** One call of a simulated application. */
final class SimulatedCall {
    final long number;
    final int prompt;
    final long startedAt;
    /** The deployments that it was sent to. */
    long tried;

    int attempts;
    int at;
    boolean failed;
    long endedAt;

    // What this library knows of it.
    @Nullable
    CallContext context;

    @Nullable
    Attempt attempt;

    @Nullable
    Lane lane;

    SimulatedCall(long number, int prompt, long startedAt) {
        this.number = number;
        this.prompt = prompt;
        this.startedAt = startedAt;
    }

    double seconds() {
        return (endedAt - startedAt) / 1e9;
    }
}
