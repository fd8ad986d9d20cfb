package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Ticker;

/** What this process can tell of itself and of the machine that it runs on. Thread-safe; never throws. */
interface Machine extends AutoCloseable {
    /** Stands for what cannot be told. */
    long UNKNOWN = -1;

    /** A machine of which nothing is known. */
    Machine NONE = new Machine() {};

    /** Returns the machine that this process runs on, as far as the platform lets it be seen. */
    static Machine own() {
        return new OwnMachine();
    }

    /**
     * Begins to look, and to note when the collection of garbage stops everything. Called by the thread of the pulse, and
     * may take a while.
     *
     * @param collections where that is noted
     * @param ticker the time in which it is noted
     */
    default void begin(Stalls collections, Ticker ticker) {}

    /**
     * Reads what adds up over time. Called once a second and at failures.
     *
     * @param now the time
     */
    default CpuSample sample(long now) {
        return new CpuSample(now, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    /** Reads what is true at this moment. For failures: it may take a millisecond. */
    default Vitals vitals() {
        return Vitals.UNKNOWN;
    }

    /** Notes the last collection, if its notice has not come yet. */
    default void catchUp() {}

    @Override
    default void close() {}
}
