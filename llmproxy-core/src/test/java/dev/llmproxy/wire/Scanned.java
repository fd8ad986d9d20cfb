package dev.llmproxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a scanner says about a document. */
record Scanned(
        List<String> values, boolean complete, @Nullable JsonError error, long errorOffset, boolean bom) {
    static Scanned of(Paths paths, String document) {
        return of(paths, document.getBytes(StandardCharsets.UTF_8));
    }

    static Scanned of(Paths paths, byte[] document) {
        return of(paths, document, document.length);
    }

    /** Scans the document cut into pieces of this size, each in an array of its own. */
    static Scanned of(Paths paths, byte[] document, int pieceSize) {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(paths, values);
        for (int i = 0; i < document.length; i += pieceSize) {
            feed(scanner, document, i, Math.min(document.length, i + pieceSize));
        }
        scanner.end();
        return now(scanner, values);
    }

    /** Scans the document in two pieces. */
    static Scanned split(Paths paths, byte[] document, int at) {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(paths, values);
        feed(scanner, document, 0, at);
        feed(scanner, document, at, document.length);
        scanner.end();
        return now(scanner, values);
    }

    static Scanned now(JsonScanner scanner, RecordingValues values) {
        return new Scanned(
                values.take(), scanner.complete(), scanner.error(), scanner.errorOffset(), scanner.beganWithBom());
    }

    private static void feed(JsonScanner scanner, byte[] document, int from, int to) {
        // With foreign bytes around it, which must not be looked at.
        byte[] piece = new byte[to - from + 32];
        Arrays.fill(piece, (byte) '"');
        System.arraycopy(document, from, piece, 16, to - from);
        scanner.feed(piece, 16, 16 + to - from);
    }
}
