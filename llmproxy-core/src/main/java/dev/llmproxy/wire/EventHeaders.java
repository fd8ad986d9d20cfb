package dev.llmproxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The headers of one binary message: finds the few that say what the message is, and checks that all can be read. */
final class EventHeaders {
    private static final byte[] MESSAGE_TYPE = ascii(":message-type");
    private static final byte[] EVENT_TYPE = ascii(":event-type");
    private static final byte[] EXCEPTION_TYPE = ascii(":exception-type");
    private static final byte[] ERROR_CODE = ascii(":error-code");
    private static final byte[] EXCEPTION = ascii("exception");
    private static final byte[] ERROR = ascii("error");

    private static final int BYTES = 6;
    private static final int STRING = 7;
    /** By type: true, false, byte, short, int, long, bytes, string, timestamp, UUID. Two have a length before them. */
    private static final int[] LENGTHS = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

    private boolean exception;
    private int nameFrom;
    private int nameTo;

    boolean isException() {
        return exception;
    }

    /** Returns where the type of the event or exception begins. */
    int nameFrom() {
        return nameFrom;
    }

    int nameTo() {
        return nameTo;
    }

    /** Reads the headers of a message; false if they cannot be read. */
    boolean read(byte[] message, int from, int to) {
        exception = false;
        nameFrom = from;
        nameTo = from;
        int i = from;
        while (i >= 0 && i < to) {
            i = readHeader(message, i, to);
        }
        return i == to;
    }

    // Returns where the next one begins, or -1.
    private int readHeader(byte[] message, int from, int to) {
        int name = from + 1;
        int type = name + (message[from] & 0xff);
        if (type >= to || message[type] < 0 || message[type] >= LENGTHS.length) {
            return -1;
        }
        int value = type + 1;
        int length = LENGTHS[message[type]];
        if (message[type] == BYTES || message[type] == STRING) {
            if (value + 2 > to) {
                return -1;
            }
            length = (message[value] & 0xff) << 8 | (message[value + 1] & 0xff);
            value += 2;
        }
        if (value + length > to) {
            return -1;
        }
        if (message[type] == STRING) {
            take(message, name, type, value, value + length);
        }
        return value + length;
    }

    private void take(byte[] message, int name, int type, int value, int end) {
        if (isAt(message, name, type, MESSAGE_TYPE)) {
            exception = isAt(message, value, end, EXCEPTION) || isAt(message, value, end, ERROR);
        } else if (isAt(message, name, type, EVENT_TYPE)
                || isAt(message, name, type, EXCEPTION_TYPE)
                || isAt(message, name, type, ERROR_CODE)) {
            nameFrom = value;
            nameTo = end;
        }
    }

    private static boolean isAt(byte[] message, int from, int to, byte[] text) {
        return Arrays.equals(message, from, to, text, 0, text.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
