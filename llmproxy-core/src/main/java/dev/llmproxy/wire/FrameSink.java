package dev.llmproxy.wire;

/**
 * Takes what {@link Frames} cut out of a stream of bytes. All bytes are lent for the time of the call: they lie in the
 * piece of input that is being read, or in a buffer that is used again.
 */
public interface FrameSink {
    /**
     * Called for each event.
     *
     * @param name the array with its name
     * @param nameFrom where the name begins
     * @param nameTo where it ends; equal to its beginning where the event has no name
     * @param data the array with its data
     * @param from where the data begins
     * @param to where it ends
     */
    void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to);

    /**
     * Called instead of {@link #event} for one whose frame says that it is an exception or an error, which only binary
     * messages do. Hands it on as an event if not overridden.
     *
     * @param name the array with its type or code
     * @param nameFrom where the type begins
     * @param nameTo where it ends
     * @param data the array with its data
     * @param from where the data begins
     * @param to where it ends
     */
    default void exception(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        event(name, nameFrom, nameTo, data, from, to);
    }

    /**
     * Called where the data of a server-sent event begins, of which it is not known yet where it ends. A sink that can
     * tell without being shown the event as a whole is faster; nothing may be taken for an event by this call.
     *
     * @param data the array with what comes
     * @param from where it begins
     * @param to where the piece of the stream ends
     * @return where data ends that the sink knows the kind of and that has no line end in it; -1 if it cannot tell, as it
     *     does if not overridden
     */
    default int endOfRepeat(byte[] data, int from, int to) {
        return -1;
    }

    /**
     * Called instead of {@link #event} for one without a name of which {@link #endOfRepeat} has just told where it ends.
     *
     * @param data the array with its data
     * @param from where the data begins
     * @param to where it ends
     */
    default void repeat(byte[] data, int from, int to) {
        event(data, from, from, data, from, to);
    }

    /** Called for each comment of server-sent events and each blank line between JSON lines: bytes, but no progress. */
    default void comment() {}

    /**
     * Called for what server-sent events have and readers pass over: a line of no known field, or the name of an event
     * that has no data.
     *
     * @param line the array with the line, without its end, or with the name
     * @param from where it begins
     * @param to where it ends
     */
    default void stray(byte[] line, int from, int to) {}

    /**
     * Called when a server-sent event sets the last event id, before the event itself.
     *
     * @param bytes the array with the id
     * @param from where the id begins
     * @param to where it ends; equal to its beginning for an id that is reset
     */
    default void id(byte[] bytes, int from, int to) {}

    /**
     * Called when a server-sent event sets the time after which a client is to connect again.
     *
     * @param millis the time in milliseconds, {@link Long#MAX_VALUE} for all that are longer
     */
    default void retry(long millis) {}

    /**
     * Called once when the bytes are found not to be frames; nothing more is called after it.
     *
     * @param error what is wrong
     * @param offset where, counted in bytes from the beginning of the stream
     */
    void broken(FrameError error, long offset);
}
