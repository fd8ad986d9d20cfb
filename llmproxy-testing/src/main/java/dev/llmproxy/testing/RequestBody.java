package dev.llmproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The body of one request as it arrives, freed of its framing, kept as far as it came. */
final class RequestBody {
    private static final int MAX_BYTES = 64 * 1024 * 1024;
    private static final int MAX_LINE = 8 * 1024;

    private final InputStream in;
    private final boolean chunked;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private long left;
    private boolean complete;

    RequestBody(InputStream in, RequestHead head) throws MalformedRequestException {
        this.in = in;
        this.chunked = head.has("Transfer-Encoding", "chunked");
        this.left = chunked ? 0 : length(head.headers("Content-Length"));
        this.complete = !chunked && left == 0;
    }

    private static long length(List<String> values) throws MalformedRequestException {
        return values.isEmpty() ? 0 : number("Content-Length", values.get(0), 10);
    }

    private static long number(String name, String value, int radix) throws MalformedRequestException {
        try {
            long number = Long.parseLong(value, radix);
            if (number >= 0 && number <= MAX_BYTES) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the value.
        }
        throw new MalformedRequestException(name + ": " + value + " (expected: a number from 0 to " + MAX_BYTES + ")");
    }

    boolean complete() {
        return complete;
    }

    byte[] bytes() {
        return received.toByteArray();
    }

    int size() {
        return received.size();
    }

    /** Reads on until {@code size} bytes were received in all, or the body is complete. */
    void readTo(long size) throws IOException {
        while (!complete && received.size() < size) {
            if (left == 0) {
                startChunk();
            } else {
                readSome(size - received.size());
            }
        }
    }

    private void readSome(long wanted) throws IOException {
        byte[] bytes = new byte[(int) Math.min(Math.min(left, wanted), 8 * 1024)];
        int count = in.read(bytes);
        if (count == -1) {
            throw new EOFException("the client hung up in the body of a request");
        }
        received.write(bytes, 0, count);
        left -= count;
        if (left == 0) {
            if (chunked) {
                readLine();
            } else {
                complete = true;
            }
        }
    }

    private void startChunk() throws IOException {
        left = number("chunk size", readLine().split(";", 2)[0].strip(), 16);
        if (received.size() + left > MAX_BYTES) {
            throw new MalformedRequestException("request body: over " + MAX_BYTES + " bytes (expected: at most)");
        }
        if (left == 0) {
            while (!readLine().isEmpty()) {
                // A trailer: nobody asks for it.
            }
            complete = true;
        }
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next == -1) {
                throw new EOFException("the client hung up in the body of a request");
            }
            if (line.size() == MAX_LINE) {
                throw new MalformedRequestException("chunk line: over " + MAX_LINE + " bytes (expected: at most)");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
