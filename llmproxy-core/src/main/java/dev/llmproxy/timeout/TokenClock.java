package dev.llmproxy.timeout;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.event.Phase;

/** For how long the payload of one attempt has been waited for: by reads of the network, and not between them. */
final class TokenClock {
    private long waited;
    private long startedAt;
    private long progress;
    private long longestGap;
    private boolean begun;

    /** Begins anew with another attempt. */
    void restart() {
        waited = 0;
        startedAt = 0;
        progress = 0;
        longestGap = 0;
        begun = false;
    }

    /** Called when a read is about to wait; returns for how long it may, {@link Long#MAX_VALUE} for any time. */
    long readStarted(Attempt from, long now) {
        look(from);
        startedAt = now;
        return from.isStream() ? from.limit(budget(from)) - waited : Long.MAX_VALUE;
    }

    void readEnded(long now) {
        waited += now - startedAt;
    }

    static Budget budget(Attempt from) {
        return from.reached(Phase.FIRST_TOKEN) ? Budget.BETWEEN_TOKENS : Budget.FIRST_TOKEN;
    }

    // What the last read brought has been looked at by now. Before the first payload nothing winds the clock back.
    private void look(Attempt from) {
        if (!begun) {
            begun = true;
            waited += waitedForHeaders(from);
        }
        long now = from.progress();
        if (now != progress && from.reached(Phase.FIRST_TOKEN)) {
            longestGap = progress == 0 ? 0 : Math.max(longestGap, waited);
            progress = now;
            waited = 0;
        }
    }

    private static long waitedForHeaders(Attempt from) {
        Phase sent = from.reached(Phase.WAIT) ? Phase.WAIT : Phase.QUEUE;
        return Math.max(0, from.nanosBetween(sent, Phase.FIRST_BYTE));
    }

    /** Returns the longest wait between two payloads, after the attempt has ended. */
    long longestGap(Attempt from) {
        look(from);
        return longestGap;
    }
}
