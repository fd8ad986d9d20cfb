package dev.llmproxy.chain;

import dev.llmproxy.event.CallInfo;
import dev.llmproxy.fault.Fault;

/** Says what a failed attempt means. Thread-safe; never throws; keeps no body and no secret. */
public interface Diagnosis {
    /**
     * Diagnoses an attempt that failed.
     *
     * @param evidence what was observed
     * @return the fault
     */
    Fault diagnose(AttemptEvidence evidence);

    /**
     * Learns from an attempt that got an answer.
     *
     * @param call the call
     * @param attempt the attempt, its body not yet read
     */
    void answered(CallInfo call, Attempt attempt);
}
