package dev.llmproxy.wire;

/**
 * Receives the values at the watched paths of a document, in their order. The kind of a value is not promised by its
 * path: a number where a string was expected comes as a number. Everything before an error has been told when the error
 * is found, so nothing is certain before the scanner calls the document complete. An implementation must neither throw
 * nor call the scanner back, but for where a string lies.
 */
public interface JsonValues {
    /**
     * Called with the next piece of a string, unescaped. How a string is cut into pieces says nothing: an empty string
     * has none, and a piece may end inside a character.
     *
     * @param field what the path was added as
     * @param utf8 holds the piece until this method returns. It is UTF-8, but a surrogate that was escaped alone comes as
     *     three bytes from {@code ED A0 80} on
     * @param from where the piece begins
     * @param to where it ends
     */
    default void string(int field, byte[] utf8, int from, int to) {}

    /**
     * Says whether the strings of a field are read. Of one that is not, the pieces may be left out and nothing but the end
     * be told: a text with many escapes is faster passed over than shown.
     *
     * @param field what the path was added as
     * @return whether they are, asked where each of them begins; true if not overridden
     */
    default boolean reads(int field) {
        return true;
    }

    /**
     * Called at the end of a string, an empty one too.
     *
     * @param field what the path was added as
     */
    default void stringEnd(int field) {}

    /**
     * Says whether the strings of a field are each a piece of something longer, as the text of a streamed answer is:
     * these are what a document may differ in to be a {@linkplain JsonScanner#endOfRepeat repeat}.
     *
     * @param field what the path was added as
     * @return whether they are, always the same for one field; false if not overridden
     */
    default boolean flows(int field) {
        return false;
    }

    /**
     * Called with a number.
     *
     * @param field what the path was added as
     * @param value the number if it is integral; else its part before the point; 0 if it has an exponent or does not fit
     * @param integral whether it is written without fraction and exponent, and fits
     */
    default void number(int field, long value, boolean integral) {}

    /**
     * Called with true or false.
     *
     * @param field what the path was added as
     * @param value which
     */
    default void bool(int field, boolean value) {}

    /**
     * Called with null.
     *
     * @param field what the path was added as
     */
    default void nul(int field) {}

    /**
     * Called where an object or an array begins, before what it holds.
     *
     * @param field what the path was added as
     * @param array whether it is an array
     */
    default void begin(int field, boolean array) {}

    /**
     * Called with the next piece of a value whose path was added to be shown as it is written: of an object or array
     * between begin and end, braces included; of a number before that is told. A piece may end anywhere.
     *
     * @param field what the path was added as
     * @param json holds the piece until this method returns
     * @param from where the piece begins
     * @param to where it ends
     */
    default void raw(int field, byte[] json, int from, int to) {}

    /**
     * Called where an object or an array ends.
     *
     * @param field what the path was added as
     */
    default void end(int field) {}

    /**
     * Called when an object names a watched member again, before the member's value.
     *
     * @param field what the path was added as
     */
    default void duplicate(int field) {}

    /**
     * Called when an object names again a member, watched or not, through which a {@linkplain Paths.Builder#guard guarded}
     * path leads, before the member's value.
     */
    default void ambiguous() {}
}
