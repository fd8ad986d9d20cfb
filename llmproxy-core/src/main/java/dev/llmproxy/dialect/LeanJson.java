package dev.llmproxy.dialect;

import java.io.IOException;
import okio.Buffer;
import okio.ByteString;
import okio.Source;
import okio.Timeout;

/**
 * A JSON text as its reader is to see it when it looks for a few small facts: prompts and attachments come as empty
 * strings, so that they are neither copied nor built, and what would cost too much to read fails. Everything is counted
 * on the bytes, before the reader sees them.
 */
final class LeanJson implements Source {
    static final int MAX_DEPTH = 200;
    static final int MAX_NUMBER_LENGTH = 64;
    /** Longer strings come empty, longer runs of blanks as one. */
    static final int LONGEST_KEPT = 256;

    private static final int CHUNK = 8192;

    private final ByteString json;
    private final int size;
    private final Buffer lean = new Buffer();
    private int position;
    private int depth;
    private String refused = "";

    // The bytes around the position: a large text lies in pieces, and to look one byte up takes a search.
    private final byte[] chunk;
    private int chunkStart;
    private int chunkEnd;

    LeanJson(ByteString json) {
        this.json = json;
        this.size = json.size();
        this.chunk = new byte[Math.min(size, CHUNK)];
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (lean.exhausted()) {
            if (!refused.isEmpty()) {
                throw new IOException("JSON: " + refused);
            }
            advance(byteCount);
        }
        return lean.read(sink, byteCount);
    }

    private void advance(long byteCount) {
        int written = position;
        while (position < size && refused.isEmpty() && lean.size() + position - written < byteCount) {
            int start = position;
            byte first = byteAt(start);
            position = endOfToken(first, start + 1);
            if (position - start > LONGEST_KEPT) {
                lean.write(json, written, start + 1 - written);
                written = first == '"' ? position - 1 : position;
            }
        }
        lean.write(json, written, position - written);
    }

    private int endOfToken(byte first, int next) {
        return switch (first) {
            case '"' -> endOfString(next);
            case ' ', '\t', '\r', '\n' -> endOfBlanks(next);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> endOfNumber(next);
            case '{', '[' -> deeper(next);
            case '}', ']' -> higher(next);
            default -> next;
        };
    }

    private int endOfString(int from) {
        int i = from;
        while (i < size) {
            byte b = byteAt(i);
            if (b == '"') {
                return i + 1;
            }
            i += b == '\\' ? 2 : 1;
        }
        return size;
    }

    private int endOfBlanks(int from) {
        int i = from;
        while (i < size && Framing.isBlank(byteAt(i))) {
            i++;
        }
        return i;
    }

    private int endOfNumber(int from) {
        int i = from;
        while (i < size && isOfNumber(byteAt(i))) {
            i++;
            if (i - from >= MAX_NUMBER_LENGTH) {
                refused = "a number of over " + MAX_NUMBER_LENGTH + " characters";
                return from;
            }
        }
        return i;
    }

    private static boolean isOfNumber(byte b) {
        return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
    }

    private int deeper(int next) {
        depth++;
        if (depth > MAX_DEPTH) {
            refused = "nested deeper than " + MAX_DEPTH;
        }
        return next;
    }

    private int higher(int next) {
        depth--;
        return next;
    }

    private byte byteAt(int i) {
        if (i >= chunkEnd) {
            chunkStart = i;
            chunkEnd = Math.min(size, i + CHUNK);
            json.copyInto(chunkStart, chunk, 0, chunkEnd - chunkStart);
        }
        return chunk[i - chunkStart];
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void close() {}
}
