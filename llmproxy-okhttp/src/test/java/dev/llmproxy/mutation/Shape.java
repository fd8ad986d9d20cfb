package dev.llmproxy.mutation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the events of an answer follow each other, and where one ends: taken apart and put together byte by byte. */
enum Shape {
    PLAIN {
        @Override
        List<byte[]> split(byte[] body) {
            return List.of(body);
        }
    },
    SSE {
        @Override
        List<byte[]> split(byte[] body) {
            List<byte[]> events = new ArrayList<>();
            int from = 0;
            int lineStart = 0;
            for (int i = 0; i < body.length; i++) {
                if (body[i] == '\n') {
                    boolean isBlank = i == lineStart || (i == lineStart + 1 && body[lineStart] == '\r');
                    lineStart = i + 1;
                    if (isBlank) {
                        events.add(Arrays.copyOfRange(body, from, lineStart));
                        from = lineStart;
                    }
                }
            }
            return withRest(events, body, from);
        }
    },
    LINES {
        @Override
        List<byte[]> split(byte[] body) {
            List<byte[]> events = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < body.length; i++) {
                if (body[i] == '\n') {
                    events.add(Arrays.copyOfRange(body, from, i + 1));
                    from = i + 1;
                }
            }
            return withRest(events, body, from);
        }
    },
    /** The elements without what stands between them. */
    ARRAY {
        @Override
        List<byte[]> split(byte[] body) {
            List<byte[]> events = new ArrayList<>();
            int depth = 0;
            int from = 0;
            boolean inString = false;
            for (int i = 0; i < body.length; i++) {
                switch (body[i]) {
                    case '\\' -> i += inString ? 1 : 0;
                    case '"' -> inString = !inString;
                    case '{', '[' -> {
                        depth += inString ? 0 : 1;
                        from = !inString && depth == 2 ? i : from;
                    }
                    case '}', ']' -> {
                        depth -= inString ? 0 : 1;
                        if (!inString && depth == 1) {
                            events.add(Arrays.copyOfRange(body, from, i + 1));
                        }
                    }
                    default -> {}
                }
            }
            return events;
        }

        @Override
        byte[] join(List<byte[]> events) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int i = 0; i < events.size(); i++) {
                body.writeBytes((i == 0 ? "[" : ",\r\n").getBytes(StandardCharsets.UTF_8));
                body.writeBytes(events.get(i));
            }
            body.writeBytes((events.isEmpty() ? "[]" : "]").getBytes(StandardCharsets.UTF_8));
            return body.toByteArray();
        }
    },
    FRAMES {
        @Override
        List<byte[]> split(byte[] body) {
            List<byte[]> events = new ArrayList<>();
            int from = 0;
            while (body.length - from >= 16) {
                int length = ByteBuffer.wrap(body, from, 4).getInt();
                if (length < 16 || length > body.length - from) {
                    break;
                }
                events.add(Arrays.copyOfRange(body, from, from + length));
                from += length;
            }
            return withRest(events, body, from);
        }
    };

    abstract List<byte[]> split(byte[] body);

    byte[] join(List<byte[]> events) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        events.forEach(body::writeBytes);
        return body.toByteArray();
    }

    private static List<byte[]> withRest(List<byte[]> events, byte[] body, int from) {
        if (from < body.length) {
            events.add(Arrays.copyOfRange(body, from, body.length));
        }
        return events;
    }
}
