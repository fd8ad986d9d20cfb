package dev.llmproxy.mutation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSource;
import okio.Source;
import okio.Timeout;

/** A client of server-sent events that reads no further than the terminator, as those of most providers. */
final class EarlyStop {
    private static final Set<String> LAST_TYPES =
            Set.of("message_stop", "message-end", "response.completed", "response.incomplete", "response.failed");

    private EarlyStop() {}

    /** Reads a stream up to its terminator, or to its end where it has none. */
    static void read(BufferedSource stream) throws IOException {
        boolean isOver = false;
        String line = stream.readUtf8Line();
        while (line != null && !(isOver && line.isEmpty())) {
            isOver |= isTerminator(line);
            line = stream.readUtf8Line();
        }
    }

    /** Returns what of a stream such a client has read. */
    static byte[] part(byte[] body) {
        Buffer rest = new Buffer().write(body);
        try {
            read(rest);
        } catch (IOException e) {
            throw new AssertionError("cannot happen in memory", e);
        }
        return Arrays.copyOf(body, body.length - (int) rest.size());
    }

    private static boolean isTerminator(String line) {
        if (!line.startsWith("data:")) {
            return false;
        }
        String data = line.substring("data:".length()).strip();
        return data.equals("[DONE]")
                || (LAST_TYPES.stream().anyMatch(data::contains)
                        && LAST_TYPES.contains(Event.of("", data).type()));
    }

    /** Returns a body that arrives event by event: nobody has seen more than was read. */
    static Source inPieces(Recording recording, byte[] body) {
        List<byte[]> events = recording.shape().split(body);
        return new Source() {
            private int next;

            @Override
            public long read(Buffer sink, long byteCount) {
                if (next == events.size()) {
                    return -1;
                }
                byte[] event = events.get(next++);
                sink.write(event);
                return event.length;
            }

            @Override
            public Timeout timeout() {
                return Timeout.NONE;
            }

            @Override
            public void close() {}
        };
    }

    static boolean canRead(Recording recording) {
        return recording.shape() == Shape.SSE && new String(recording.body(), StandardCharsets.UTF_8).contains("data:");
    }
}
