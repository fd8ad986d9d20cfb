package dev.llmproxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A field of server-sent events; these four mean something. */
final class SseField {
    static final SseField DATA = new SseField("data");
    static final SseField EVENT = new SseField("event");
    static final SseField ID = new SseField("id");
    static final SseField RETRY = new SseField("retry");

    private final byte[] name;

    private SseField(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Says whether a line is of this field, with a value or without. */
    boolean isIn(byte[] line, int from, int to) {
        int length = name.length;
        if (to - from < length || (to - from > length && line[from + length] != ':')) {
            return false;
        }
        return Arrays.equals(line, from, from + length, name, 0, length);
    }

    /** Says whether a line that begins there is of this field and has a value, wherever it ends. */
    boolean begins(byte[] data, int from, int to) {
        int colon = from + name.length;
        return colon < to && data[colon] == ':' && Arrays.equals(data, from, colon, name, 0, name.length);
    }

    /** Returns where the value begins, behind the colon and one blank. */
    int value(byte[] line, int from, int to) {
        int value = Math.min(from + name.length + 1, to);
        return value < to && line[value] == ' ' ? value + 1 : value;
    }
}
