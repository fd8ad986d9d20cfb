package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;

/** The scanner against itself in pieces and with a memory of other documents, and against Moshi's reader. */
class JsonFuzz {
    private static final Map<String, Integer> FIELDS =
            Map.of("", 0, "a", 1, "b", 2, "a.b", 3, "a[]", 4, "a[].b", 5, "[]", 6, "[].a", 7, "[][]", 8);
    private static final Paths PATHS = paths();

    private final RecordingValues values = new RecordingValues();
    // Used for all documents, so that each is compared with what is remembered of others.
    private final JsonScanner remembering = new JsonScanner(PATHS, values);
    private final KnownShapes known = new KnownShapes();

    private static Paths paths() {
        Paths.Builder paths = Paths.builder();
        FIELDS.forEach(paths::add);
        return paths.build();
    }

    @DictionaryEntries({"{\"a\":", "\"b\":", "[1,-2.5e3]", "\"\\ud83d\\ude00\"", "true", "null", "\\n", "1234567890123456789", "{\"a\":[{\"b\":1}]}"})
    @FuzzTest(maxDuration = "60s")
    void showsWhatMoshiReads(FuzzedDataProvider data) {
        int pieceSize = data.consumeInt(1, 20);
        int from = data.consumeInt(0, 8);
        byte[] document = data.consumeRemainingAsBytes();
        Scanned scanned = Scanned.of(PATHS, document);
        assertThat(Scanned.of(PATHS, document, pieceSize)).isEqualTo(scanned);
        remember(document, from);
        assertThat(remember(document, from)).isEqualTo(scanned);
        assertThat(likeThatOfAnotherStream(document)).isEqualTo(scanned);
        compareWithMoshi(document, scanned);
    }

    private Scanned remember(byte[] document, int from) {
        byte[] around = new byte[from + document.length + 8];
        System.arraycopy(document, 0, around, from, document.length);
        var unused = remembering.scanDocument(around, from, from + document.length);
        return Scanned.now(remembering, values);
    }

    private Scanned likeThatOfAnotherStream(byte[] document) {
        RecordingValues ofThisStream = new RecordingValues();
        JsonScanner another = new JsonScanner(PATHS, ofThisStream);
        var unused = another.scanDocument(document, 0, document.length, known, 0);
        return Scanned.now(another, ofThisStream);
    }

    // Moshi is laxer: it takes controls and any bytes in strings, capital letters in words, a line feed behind a backslash.
    private static void compareWithMoshi(byte[] document, Scanned scanned) {
        List<String> expected = MoshiReading.of(FIELDS, document);
        if (scanned.complete() && !scanned.bom()) {
            assertThat(scanned.values()).isEqualTo(expected);
        }
    }
}
