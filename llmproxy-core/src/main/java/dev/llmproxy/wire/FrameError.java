package dev.llmproxy.wire;

/** Why a stream of bytes is not made of the frames that it should be made of. */
public enum FrameError {
    /** A line is over its cap. */
    LINE_TOO_LONG,
    /** An event is over its cap. */
    EVENT_TOO_LONG,
    /** The checksum over the lengths of a binary message is wrong. */
    PRELUDE_CRC,
    /** The checksum over a binary message is wrong. */
    MESSAGE_CRC,
    /** The lengths that a binary message states, with a good checksum, cannot be. */
    BAD_LENGTH,
    /** The headers of a binary message, with a good checksum, cannot be read. */
    BAD_HEADERS,
    /** Something other than a comma, an element or a bracket between the elements of an array. */
    SYNTAX,
    /** Something behind the end of an array. */
    TRAILING,
    /** The bytes ended inside a frame, or before the end of an array. */
    TRUNCATED
}
