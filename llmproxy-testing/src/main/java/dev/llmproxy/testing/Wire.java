package dev.llmproxy.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An answer as the bytes to send, with the places in them where its body bytes and its events end. */
final class Wire {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Span> spans = new ArrayList<>();
    private final int headLength;
    private final int[] eventEnds;
    private int bodyLength;

    /** A run of body bytes; {@code end} is where the framing after it ends. */
    private record Span(int body, int wire, int length, int end) {}

    /** Starts with the head; the events end at these offsets in the body. */
    Wire(byte[] head, int[] eventEnds) {
        written.writeBytes(head);
        this.headLength = head.length;
        this.eventEnds = eventEnds;
    }

    void body(byte[] data, int from, int to, String before, String after) {
        text(before);
        int wire = written.size();
        written.write(data, from, to - from);
        text(after);
        spans.add(new Span(bodyLength, wire, to - from, written.size()));
        bodyLength += to - from;
    }

    void text(String text) {
        written.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return written.toByteArray();
    }

    byte[] head() {
        return Arrays.copyOf(bytes(), headLength);
    }

    /** Returns the place that the mark means, as an offset in the bytes to send. */
    int offset(Mark mark) {
        return switch (mark.moment()) {
            case WIRE_BYTE -> within(mark, written.size());
            case BODY_BYTE -> afterBody(within(mark, bodyLength), false);
            case EVENT -> afterEvent(within(mark, eventEnds.length));
            case END -> written.size();
            default -> throw new IllegalArgumentException(mark.moment() + " (expected: a place in the answer)");
        };
    }

    private int afterEvent(int count) {
        return count == 0 ? headLength : afterBody(eventEnds[count - 1], true);
    }

    private int afterBody(int count, boolean withFraming) {
        for (Span span : spans) {
            int inSpan = count - span.body;
            if (inSpan > 0 && inSpan <= span.length) {
                return inSpan == span.length && withFraming ? span.end : span.wire + inSpan;
            }
        }
        return headLength;
    }

    private static int within(Mark mark, int limit) {
        if (mark.offset() > limit) {
            throw new IllegalArgumentException(
                    mark.moment() + ": " + mark.offset() + " (expected: 0 to " + limit + ", all that this reply has)");
        }
        return (int) mark.offset();
    }
}
