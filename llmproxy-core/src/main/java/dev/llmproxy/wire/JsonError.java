package dev.llmproxy.wire;

/** Names what is wrong with a JSON text. */
public enum JsonError {
    /** A byte that the grammar of RFC 8259 does not allow at its place. */
    SYNTAX,
    /** The text ended before its value did, or holds no value at all. */
    TRUNCATED,
    /** Something other than blanks follows the value. */
    TRAILING,
    /** Objects and arrays are nested deeper than {@value JsonScanner#MAX_DEPTH}. */
    DEPTH,
    /**
     * A number has more than {@value JsonScanner#MAX_NUMBER_LENGTH} characters, in an answer more than
     * {@value JsonScanner#MAX_ANSWERED_NUMBER_LENGTH}.
     */
    NUMBER_TOO_LONG,
    /** The name of a member has more than {@value JsonScanner#MAX_NAME_LENGTH} bytes, as it is written. */
    NAME_TOO_LONG,
    /** A string has more than {@value JsonScanner#MAX_STRING_LENGTH} bytes, as it is written. */
    STRING_TOO_LONG,
    /** A byte below 0x20 stands in a string or a name without being escaped. */
    CONTROL_CHARACTER,
    /** A string or a name is not UTF-8. */
    MALFORMED_UTF8
}
