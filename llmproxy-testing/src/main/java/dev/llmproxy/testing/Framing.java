package dev.llmproxy.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** How an answer tells where its body ends, and how that goes wrong. Immutable. */
final class Framing {
    static final Framing LENGTH = new Framing(Kind.LENGTH, new int[0], -1, true);
    static final Framing CHUNKED = new Framing(Kind.CHUNKED, new int[0], -1, true);
    static final Framing CLOSE = new Framing(Kind.CLOSE, new int[0], -1, true);
    static final Framing NONE = new Framing(Kind.NONE, new int[0], -1, true);

    private enum Kind {
        LENGTH,
        /** In chunks of the sizes that the splits say; without splits, one for each event. */
        CHUNKED,
        CLOSE,
        /** Without any sign of where the body ends. */
        NONE
    }

    private final Kind kind;
    private final int[] splits;
    private final int badChunk;
    private final boolean lastChunk;

    private Framing(Kind kind, int[] splits, int badChunk, boolean lastChunk) {
        this.kind = kind;
        this.splits = splits;
        this.badChunk = badChunk;
        this.lastChunk = lastChunk;
    }

    Framing chunked(int... sizes) {
        for (int size : sizes) {
            if (size <= 0) {
                throw new IllegalArgumentException("chunk size: " + size + " (expected: > 0)");
            }
        }
        return new Framing(Kind.CHUNKED, sizes.clone(), badChunk, lastChunk);
    }

    Framing badChunk(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("badChunk: " + index + " (expected: >= 0)");
        }
        return new Framing(Kind.CHUNKED, splits, index, lastChunk);
    }

    Framing withoutLastChunk() {
        return new Framing(Kind.CHUNKED, splits, badChunk, false);
    }

    /** Returns whether only the end of the connection can end this answer. */
    boolean endsByClose() {
        return kind == Kind.CLOSE || badChunk >= 0 || !lastChunk;
    }

    Wire frame(Head head, List<byte[]> events) {
        byte[] body = joined(events);
        Wire wire = new Wire(framed(head, body.length).bytes(), ends(events));
        if (kind == Kind.CHUNKED) {
            chunks(wire, body, events);
        } else {
            wire.body(body, 0, body.length, "", "");
        }
        return wire;
    }

    private Head framed(Head head, int length) {
        if (kind == Kind.CHUNKED && !head.has("Transfer-Encoding")) {
            return head.with("Transfer-Encoding: chunked");
        }
        if (kind == Kind.LENGTH && !head.has("Content-Length") && !(head.bodiless() && length == 0)) {
            return head.with("Content-Length: " + length);
        }
        if (kind == Kind.CLOSE && !head.has("Connection")) {
            return head.with("Connection: close");
        }
        return head;
    }

    private void chunks(Wire wire, byte[] body, List<byte[]> events) {
        int from = 0;
        int index = 0;
        for (int size : splits.length > 0 ? splits : lengths(events)) {
            int to = Math.min(from + size, body.length);
            if (to > from) {
                chunk(wire, body, from, to, index++);
            }
            from = to;
        }
        if (from < body.length) {
            chunk(wire, body, from, body.length, index++);
        }
        if (badChunk >= index) {
            throw new IllegalArgumentException(
                    "badChunk: " + badChunk + " (expected: < " + index + ", the number of chunks of this reply)");
        }
        if (lastChunk) {
            wire.text("0\r\n\r\n");
        }
    }

    private void chunk(Wire wire, byte[] body, int from, int to, int index) {
        String size = index == badChunk ? "zz" : Integer.toHexString(to - from);
        wire.body(body, from, to, size + "\r\n", "\r\n");
    }

    private static int[] lengths(List<byte[]> events) {
        return events.stream().mapToInt(event -> event.length).toArray();
    }

    private static int[] ends(List<byte[]> events) {
        int[] ends = lengths(events);
        Arrays.parallelPrefix(ends, Integer::sum);
        return ends;
    }

    private static byte[] joined(List<byte[]> events) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
