package dev.llmproxy.wire;

/**
 * Receives every token of a document that lies in one piece, in their order, each where it lies. Everything before an
 * error has been told when the error is found, so nothing is certain before the scanner calls the document complete. An
 * implementation must neither throw nor call the scanner back.
 */
public interface JsonTokens {
    /**
     * Called where an object or an array begins.
     *
     * @param array whether it is an array
     */
    void begin(boolean array);

    /** Called where the innermost object or array ends. */
    void end();

    /**
     * Called with the name of a member, before its value.
     *
     * @param from where the name begins, behind its quote
     * @param to where it ends, before its quote
     * @param plain whether it is known to have neither escapes nor anything but ASCII
     */
    void name(int from, int to, boolean plain);

    /**
     * Called with a string.
     *
     * @param from where the string begins, behind its quote
     * @param to where it ends, before its quote
     * @param canonical whether it is known to be written as RFC 8785 has it
     */
    void string(int from, int to, boolean canonical);

    /**
     * Called with a number.
     *
     * @param from where the number begins
     * @param to where it ends; unknown, and 0, of one that is the whole document
     */
    void number(int from, int to);

    /**
     * Called with true, false or null.
     *
     * @param from where the word begins
     * @param to where it ends
     */
    void literal(int from, int to);
}
