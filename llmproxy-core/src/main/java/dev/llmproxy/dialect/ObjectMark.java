package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What OpenAI's formats call themselves, in the first bytes of an answer or of its first event. Relays answer in another of
 * them than their address says.
 */
final class ObjectMark {
    private static final byte[] OBJECT = "\"object\":".getBytes(StandardCharsets.UTF_8);
    private static final int LAST = OBJECT.length - 1;
    /** How many bytes of an object are looked at. */
    static final int LOOKED_AT = 512;

    // How far the name lies ahead at least, by the byte where it would end: all of it, or less by what of it that byte
    // is.
    private static final byte[] AHEAD = new byte[128];

    static {
        Arrays.fill(AHEAD, (byte) OBJECT.length);
        for (int i = 0; i < LAST; i++) {
            AHEAD[OBJECT[i]] = (byte) (LAST - i);
        }
    }

    private ObjectMark() {}

    /**
     * Says whether more bytes would change nothing.
     *
     * @param line whether the object ends with its line
     */
    static boolean isSettled(byte[] data, int from, int to, boolean line) {
        return to - from >= LOOKED_AT
                || (line && end(data, from, to, true) < to)
                || in(data, from, to).isPresent();
    }

    /** Returns where those bytes of an object end that are looked at. */
    static int end(byte[] data, int from, int to, boolean line) {
        int most = Math.min(to, from + LOOKED_AT);
        int end = line ? from : most;
        while (end < most && data[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Returns the format that the answer names, or nothing where it names none in its first bytes. */
    static Optional<Dialect> in(byte[] data, int from, int to) {
        int end = Math.min(to, from + LOOKED_AT);
        int quote = valueAfter(data, from, end);
        return quote < 0 ? Optional.empty() : named(data, quote + 1, end);
    }

    private static int valueAfter(byte[] data, int from, int end) {
        int i = from + LAST;
        while (i < end - 1) {
            byte b = data[i];
            if (b == ':' && Arrays.equals(data, i - LAST, i + 1, OBJECT, 0, OBJECT.length)) {
                return valueAt(data, i + 1, end);
            }
            i += b < 0 ? OBJECT.length : AHEAD[b];
        }
        return -1;
    }

    private static int valueAt(byte[] data, int from, int end) {
        int value = from;
        while (value < end && data[value] == ' ') {
            value++;
        }
        return value < end && data[value] == '"' ? value : -1;
    }

    private static Optional<Dialect> named(byte[] data, int from, int end) {
        int quote = from;
        while (quote < end && data[quote] != '"') {
            quote++;
        }
        return quote < end ? Dialects.named(data, from, quote) : Optional.empty();
    }
}
