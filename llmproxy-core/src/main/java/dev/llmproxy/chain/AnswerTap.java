package dev.llmproxy.chain;

import okio.Buffer;

/**
 * Hears the bytes of the answer that a call hands over, while they pass the one wrapper around its body: none of an attempt
 * that was repeated. Called on the thread that reads, one at a time. It must not throw: what it throws is logged, and it
 * hears no more. A call that is cancelled or never closed may end without a word.
 */
public interface AnswerTap {
    /**
     * Called when bytes have passed.
     *
     * @param sink where they are: its last bytes. Not to be changed
     * @param count how many
     */
    void arrived(Buffer sink, long count);

    /**
     * Called once, when no more bytes come: right before the call ends.
     *
     * @param storable whether what has passed is a whole answer that may be given to another call, too: see
     *     {@link AnswerWatch#isStorable}
     */
    void ended(boolean storable);
}
