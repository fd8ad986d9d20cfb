package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.diagnosis.RuleDiagnosis.Peers;

/** What a diagnosis sees beside the attempt that failed: all that there is, or less, to measure what each is worth. */
public enum Sight {
    /** All: this process and the other calls. */
    ALL(true, Peers.COMPARED),
    /** The other calls, and nothing of this process. */
    WITHOUT_LOCAL_HEALTH(false, Peers.COMPARED),
    /** This process, and of the other calls what each rule asks for. */
    WITHOUT_SECOND_LOOK(true, Peers.REMEMBERED),
    /** This process, and nothing of other calls. */
    WITHOUT_MEMORY(true, Peers.FORGOTTEN);

    private final boolean seesProcess;
    private final Peers peers;

    Sight(boolean seesProcess, Peers peers) {
        this.seesProcess = seesProcess;
        this.peers = peers;
    }

    /**
     * Returns a diagnosis of this process.
     *
     * @param ticker the time
     * @return the diagnosis, to be closed
     */
    public RuleDiagnosis diagnosis(Ticker ticker) {
        return new RuleDiagnosis(seesProcess ? LocalHealth.open(ticker) : null, peers);
    }

    /**
     * Returns a diagnosis of a process in trouble.
     *
     * @param ticker the time
     * @param trouble its trouble
     * @return the diagnosis, to be closed
     */
    public RuleDiagnosis diagnosis(Ticker ticker, TroubledMachine trouble) {
        return new RuleDiagnosis(seesProcess ? new LocalHealth(ticker, trouble.machine()) : null, peers);
    }
}
