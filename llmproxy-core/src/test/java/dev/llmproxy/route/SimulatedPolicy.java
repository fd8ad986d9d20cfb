package dev.llmproxy.route;

import dev.llmproxy.fault.FaultCause;

/** One way to choose a deployment, of this library or of another one. */
interface SimulatedPolicy {
    /** Begins an attempt of a call: returns where it goes, by its number. */
    int pick(SimulatedCall call);

    /** The first token has come. */
    default void answered(SimulatedCall call) {}

    /** The attempt has ended. */
    void ended(SimulatedCall call);

    /** The attempt has failed. */
    void failed(SimulatedCall call, FaultCause cause);
}
