package dev.llmproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The request line and the header lines of a request, as they came. */
record RequestHead(String method, String target, String version, List<String> headerLines) {
    private static final int MAX_BYTES = 256 * 1024;

    /** Reads up to the empty line; a {@link MalformedRequestException} says what is not HTTP. */
    static RequestHead read(InputStream in) throws IOException {
        List<String> lines = readBlock(in).lines().toList();
        String requestLine = lines.isEmpty() ? "" : lines.get(0);
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new MalformedRequestException(
                    "request line: " + requestLine + " (expected: method, target and HTTP/1.x)");
        }
        return new RequestHead(words[0], words[1], words[2], List.copyOf(lines.subList(1, lines.size())));
    }

    private static String readBlock(InputStream in) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next == -1) {
                throw new EOFException("the client hung up in the head of a request");
            }
            if (block.size() == MAX_BYTES) {
                throw new MalformedRequestException("request head: over " + MAX_BYTES + " bytes (expected: at most)");
            }
            block.write(next);
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
        }
        return block.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Returns the values of the headers of this name, in order. */
    List<String> headers(String name) {
        return headerLines.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    boolean has(String name, String token) {
        return headers(name).stream().anyMatch(value -> value.equalsIgnoreCase(token));
    }

    boolean keepsAlive() {
        return version.equals("HTTP/1.0") ? has("Connection", "keep-alive") : !has("Connection", "close");
    }
}
