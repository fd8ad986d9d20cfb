package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Takes the framing off an answer, and says what is wrong with it. */
final class Decoded {
    /** All that JSON allows around a value. */
    private static final String BLANKS = "[ \t\r\n]*";

    private Decoded() {}

    /** Adds the events of a body, and returns the causes of what is wrong with its framing and its encoding. */
    static Set<FaultCause> events(Shape shape, byte[] body, List<Event> events) {
        if (shape == Shape.FRAMES) {
            return frames(body, events);
        }
        String text = Plain.text(shape == Shape.SSE ? withoutComments(body) : body);
        Set<FaultCause> wrong = EnumSet.noneOf(FaultCause.class);
        if (text == null) {
            text = new String(body, StandardCharsets.UTF_8);
            if (shape != Shape.SSE || damagedAt(body) >= 0) {
                // Where a reader stumbles first depends on what stands around.
                wrong = EnumSet.of(FaultCause.BAD_TEXT_ENCODING, FaultCause.BAD_JSON, FaultCause.TRAILING_DATA);
            }
        }
        switch (shape) {
            case SSE -> sse(text, events);
            case LINES -> // A carriage return alone is a blank.
                Pattern.compile("\n")
                        .splitAsStream(text)
                        .filter(line -> !line.matches(BLANKS))
                        .forEach(line -> events.add(Event.of("", line)));
            case ARRAY -> wrong.addAll(array(text, events));
            default -> document(text, events);
        }
        return wrong;
    }

    /** Returns where the first line of server-sent events begins that is read and is no text, negative where there is none. */
    static int damagedAt(byte[] body) {
        int from = 0;
        for (String line : new String(body, StandardCharsets.ISO_8859_1).split("[\r\n]", -1)) {
            // Of another field it is passed over, and counts as a line that belongs to no event.
            String read = from == 0 ? line.stripLeading() : line; // Some servers begin with blanks.
            boolean isField = read.matches("(?s)(data|event|id|retry)(:.*)?");
            if (isField && Plain.text(line.getBytes(StandardCharsets.ISO_8859_1)) == null) {
                return from;
            }
            from += line.length() + 1;
        }
        return -1;
    }

    private static byte[] withoutComments(byte[] body) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        boolean isStart = true;
        boolean isComment = false;
        byte last = 0;
        for (byte b : body) {
            boolean isSameEnd = b == '\n' && last == '\r';
            isComment = (isStart && !isSameEnd) ? b == ':' : isComment;
            isStart = b == '\n' || b == '\r';
            if (!isComment) {
                kept.write(b); // With its line its end goes, too: an empty line would end an event.
            }
            last = b;
        }
        return kept.toByteArray();
    }

    private static void document(String text, List<Event> events) {
        if (!text.matches(BLANKS)) {
            events.add(Event.of("", text));
        }
    }

    // By the HTML standard, but for the last event: some servers leave out the blank line behind it.
    private static void sse(String text, List<Event> events) {
        String name = "";
        StringBuilder data = null;
        for (String line : (text.stripLeading() + "\n\n").split("\r\n|\n|\r", -1)) {
            if (line.isEmpty()) {
                if (data == null) {
                    stray(name, events);
                } else if (!data.isEmpty()) {
                    events.add(Event.of(name, data.toString()));
                }
                name = "";
                data = null;
            } else if (line.startsWith("data:")) {
                data = data == null ? new StringBuilder() : data.append('\n');
                data.append(value(line, "data:"));
            } else if (line.startsWith("event:")) {
                name = value(line, "event:");
            } else if (!line.matches("(data|event|id|retry)?(:.*)?")) {
                stray(line, events);
            }
        }
    }

    // No server sends such lines: they are what a damage has left of an event, or of something that is none.
    private static void stray(String line, List<Event> events) {
        if (line.matches(".*[{<\\x80-\\uffff].*")) {
            events.add(Event.stray(line));
        }
    }

    private static String value(String line, String field) {
        String value = line.substring(field.length());
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    private static Set<FaultCause> array(String text, List<Event> events) {
        if (Plain.json(text) instanceof List<?> list) {
            for (byte[] element : Shape.ARRAY.split(text.getBytes(StandardCharsets.UTF_8))) {
                events.add(Event.of("", new String(element, StandardCharsets.UTF_8)));
            }
            return list.size() == events.size() ? Set.of() : EnumSet.of(FaultCause.BAD_JSON);
        }
        return EnumSet.of(
                FaultCause.BAD_JSON,
                FaultCause.TRAILING_DATA,
                FaultCause.TRUNCATED_SILENTLY,
                FaultCause.STREAM_UNTERMINATED);
    }

    private static Set<FaultCause> frames(byte[] body, List<Event> events) {
        for (byte[] frame : Shape.FRAMES.split(body)) {
            Event event = frame(frame);
            if (event == null) {
                return EnumSet.of(FaultCause.FRAME_CHECKSUM, FaultCause.STREAM_UNTERMINATED);
            }
            events.add(event);
        }
        return Set.of();
    }

    private static @Nullable Event frame(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (frame.length < 16
                || bytes.getInt(0) != frame.length
                || bytes.getInt(8) != crc(frame, 8)
                || bytes.getInt(frame.length - 4) != crc(frame, frame.length - 4)) {
            return null;
        }
        int payload = 12 + bytes.getInt(4);
        String name = "";
        for (int at = 12; at < payload; ) {
            int nameEnd = at + 1 + frame[at];
            String header = new String(frame, at + 1, frame[at], StandardCharsets.UTF_8);
            int length = bytes.getShort(nameEnd + 1);
            if (header.equals(":event-type")) {
                name = new String(frame, nameEnd + 3, length, StandardCharsets.UTF_8);
            }
            at = nameEnd + 3 + length;
        }
        return Event.of(name, new String(Arrays.copyOfRange(frame, payload, frame.length - 4), StandardCharsets.UTF_8));
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
