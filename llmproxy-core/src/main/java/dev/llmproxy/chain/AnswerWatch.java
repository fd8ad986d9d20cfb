package dev.llmproxy.chain;

import dev.llmproxy.event.AnswerInfo;
import java.io.IOException;
import okio.Buffer;

/**
 * Looks at the answer of one attempt while its bytes pass. A stage around the attempt sets it on the {@link Attempt}; it
 * is called by the one wrapper around the body, on the thread that reads.
 */
public interface AnswerWatch {
    /**
     * Called when bytes have arrived, before anybody gets them.
     *
     * @param sink where they are: its last bytes. Not to be changed
     * @param count how many
     * @throws BrokenAnswerException if the answer must not be handed on
     * @throws IOException if it cannot be looked at
     */
    void arrived(Buffer sink, long count) throws IOException;

    /**
     * Called when the body has been read to its end.
     *
     * @throws BrokenAnswerException if the answer must not pass for a whole one
     * @throws IOException if it cannot be looked at
     */
    void ended() throws IOException;

    /**
     * Says whether the answer is to be kept back still: nothing of it has been handed on, so that another attempt can
     * take its place.
     *
     * @return whether more of it has to arrive first
     */
    boolean holds();

    /**
     * Says whether the answer has said that it is whole, so that nothing is lost by reading no further.
     *
     * @return whether its terminator or its end has been seen
     */
    boolean isComplete();

    /**
     * Says whether the answer comes as a stream of events.
     *
     * @return whether its bytes show it; false as long as nothing has come
     */
    boolean isStreamed();

    /**
     * Says whether there was anything that an application waits for: keep-alives, roles and empty pieces are not.
     *
     * @return whether there was
     */
    boolean isPayloadSeen();

    /**
     * Returns a count that grows with everything that is more than a sign of life.
     *
     * @return the count; only that it has grown means something
     */
    long progress();

    /**
     * Says whether a stream has sent its terminator: what becomes of its connection then takes nothing away from it.
     *
     * @return whether it has; false if not overridden
     */
    default boolean isTerminated() {
        return false;
    }

    /**
     * Says whether what has arrived is a whole answer that may be given to another call, too: it ended by itself or with
     * tool calls, says something, and nothing is wrong with it. A plain answer has been read to its end, a stream to a
     * terminator behind which nothing comes.
     *
     * @return whether it may; false if not overridden
     */
    default boolean isStorable() {
        return false;
    }

    /**
     * Returns what the answer says of itself, as far as it has been read.
     *
     * @return model, finish reason, usage and so on
     */
    AnswerInfo info();

    /**
     * Returns how many events of a stream have passed.
     *
     * @return the number; 0 for a plain answer, and if not overridden
     */
    default long events() {
        return 0;
    }

    /**
     * Returns how much of the answer has passed, in its own units.
     *
     * @return such as {@code 3 events, 12 characters of text}, or empty where that is not counted
     */
    default String delivered() {
        return "";
    }
}
