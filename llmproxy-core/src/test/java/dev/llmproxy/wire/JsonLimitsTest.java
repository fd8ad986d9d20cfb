package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLimitsTest {
    private static final Paths PATHS =
            Paths.builder().add("a", 0).add("a[][][].b", 1).build();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static void assertError(String document, JsonError error, long offset) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        for (int pieceSize : new int[] {bytes.length, 1, 7, 4096}) {
            Scanned scanned = Scanned.of(PATHS, bytes, pieceSize);
            assertThat(scanned.error()).isEqualTo(error);
            assertThat(scanned.errorOffset()).isEqualTo(offset);
        }
    }

    private static void assertComplete(String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        for (int pieceSize : new int[] {bytes.length, 1, 7, 4096}) {
            assertThat(Scanned.of(PATHS, bytes, pieceSize).error()).isNull();
        }
    }

    @Test
    void depth() {
        assertComplete("[".repeat(200) + "]".repeat(200));
        assertComplete("{\"a\":".repeat(200) + "1" + "}".repeat(200));
        assertError("[".repeat(201) + "]".repeat(201), JsonError.DEPTH, 200);
        assertError("{\"a\":".repeat(201) + "1" + "}".repeat(201), JsonError.DEPTH, 1000);
        assertComplete("[" + "[],".repeat(1000) + "[]]");
    }

    @Test
    void mixedLevelsAreClosedByTheirOwn() {
        String opened = "[{\"a\":".repeat(100);
        assertComplete(opened + "1" + "}]".repeat(100));
        assertError(opened + "1" + "}]".repeat(80) + "]", JsonError.SYNTAX, opened.length() + 161);
    }

    @Test
    void numbers() {
        assertComplete("1".repeat(64));
        assertComplete("[" + "1".repeat(64) + "]");
        assertComplete("-1." + "0".repeat(57) + "e+10");
        assertError("1".repeat(65), JsonError.NUMBER_TOO_LONG, 64);
        assertError("[-" + "1".repeat(64) + "]", JsonError.NUMBER_TOO_LONG, 65);
        assertError("[" + "1".repeat(64) + "x]", JsonError.SYNTAX, 65);
    }

    @Test
    void names() {
        assertComplete("{\"" + "n".repeat(8192) + "\":1}");
        assertComplete("{\"" + "\\n".repeat(4096) + "\":1}");
        assertError("{\"" + "n".repeat(8193) + "\":1}", JsonError.NAME_TOO_LONG, 2 + 8192);
        assertError("{\"" + "\\n".repeat(4096) + "n\":1}", JsonError.NAME_TOO_LONG, 2 + 8192);
        assertError("{\"" + "n".repeat(8191) + "\u00e9\":1}", JsonError.NAME_TOO_LONG, 2 + 8192);
    }

    @Test
    void strings() {
        int limit = 16 << 20;
        byte[] document = ("[\"" + "s".repeat(limit) + "\"]").getBytes(StandardCharsets.UTF_8);
        assertThat(JsonScanner.check(document)).isNull();
        assertThat(Scanned.of(PATHS, document, 8192).complete()).isTrue();
        document = ("[\"" + "s".repeat(limit + 1) + "\"]").getBytes(StandardCharsets.UTF_8);
        assertThat(Scanned.of(PATHS, document).errorOffset()).isEqualTo(2 + limit);
        assertThat(Scanned.of(PATHS, document, 8192).errorOffset()).isEqualTo(2 + limit);
        assertThat(JsonScanner.check(document)).isEqualTo(JsonError.STRING_TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "10", "13", "31"})
    void controlCharacters(int control) {
        assertError("{\"x\":\"long enough" + (char) control + "\"}", JsonError.CONTROL_CHARACTER, 17);
        assertError("{\"x" + (char) control + "\":1}", JsonError.CONTROL_CHARACTER, 3);
    }

    @Test
    void hostileDocumentsTakeNoMemory() {
        assertTakesNoMemory(JsonError.DEPTH, "[".repeat(1_000_000));
        assertTakesNoMemory(JsonError.DEPTH, "{\"a\":".repeat(1_000_000));
        assertTakesNoMemory(JsonError.NUMBER_TOO_LONG, "{\"a\":" + "9".repeat(10_000_000) + "}");
        assertTakesNoMemory(null, "{\"a\":1e999999999}");
        assertTakesNoMemory(null, manyNames());
    }

    private static String manyNames() {
        StringBuilder names = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            names.append('"').append(i).append("\":0,");
        }
        return names.append("\"a\":1}").toString();
    }

    private static void assertTakesNoMemory(@Nullable JsonError error, String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(PATHS, new JsonValues() {});
        long before = THREADS.getCurrentThreadAllocatedBytes();
        scanner.scanDocument(bytes, 0, bytes.length);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(scanner.error()).isEqualTo(error);
    }
}
