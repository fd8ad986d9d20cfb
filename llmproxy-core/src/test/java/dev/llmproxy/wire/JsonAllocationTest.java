package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Nothing is allocated for a document once the scanner has seen some. */
class JsonAllocationTest {
    // For a thousand times all documents.
    private static final long NOTHING = 1_000;
    private static final int MOST_ROUNDS = 200;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Paths PATHS = Paths.builder()
            .add("id", 0)
            .add("choices[].delta.content", 1)
            .add("created", 2)
            .build();
    private static final byte[][] DOCUMENTS = {
        chunk("null", "Hello"),
        chunk("null", ""),
        chunk("null", "\\u00e9\\n\\ud83d\\ude00"),
        chunk("1.5e3", "\u20ac and \ud83d\ude00"),
        chunk("true", "x".repeat(1000)),
        chunk("{\"\\u0069d\":[]}", "not a surprise"),
        chunk("{}", "\\x"),
    };

    private final JsonScanner scanner = new JsonScanner(PATHS, new JsonValues() {});

    private static byte[] chunk(String more, String content) {
        return ("{\"id\":\"x\",\"created\":1762447225,\"more\":" + more + ",\"choices\":[{\"delta\":{\"content\":\""
                        + content + "\"}}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void scanInOnePiece(byte[] document) {
        scanner.scanDocument(document, 0, document.length);
    }

    private void scanInPieces(byte[] document) {
        scanner.reset();
        for (int i = 0; i < document.length; i += 5) {
            scanner.feed(document, i, Math.min(document.length, i + 5));
        }
        scanner.end();
    }

    private void scanAll() {
        for (byte[] document : DOCUMENTS) {
            scanInOnePiece(document);
            scanInOnePiece(document);
            scanInPieces(document);
        }
    }

    @Test
    void scansWithoutAllocating() {
        long least = Long.MAX_VALUE;
        // Interpreted code allocates for a VarHandle now and then, and it is not known when it is compiled.
        for (int round = 0; round < MOST_ROUNDS && least >= NOTHING; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                scanAll();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(NOTHING);
    }
}
