package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoneSurrogateTest {
    private static final String[] PIECES = {
        "\\ud83d", "\\ude00", "\\uD83D\\uDE00", "\\u0041", "\\n", "\\\\", "a", "bcdefghijkl", "\u00e9", "\ud83d\ude00"
    };

    private static long offsetIn(String document, int pieceSize) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(Paths.NONE, new JsonValues() {});
        for (int i = 0; i < bytes.length; i += pieceSize) {
            byte[] piece = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + pieceSize));
            scanner.feed(piece, 0, piece.length);
        }
        scanner.end();
        assertThat(scanner.complete()).as(document).isTrue();
        return scanner.loneSurrogateOffset();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"\\ud83d\\ude00\" | -1",
                "\"\\ud83d\" | 1",
                "\"ab\\ud83dcd\\ude00\" | 3",
                "\"\\ude00\\ud83d\" | 1",
                "\"\\ud83d\\n\\ude00\" | 1",
                "\"\\ud83d\\ud83d\\ude00\" | 1",
                "{\"a\\ud83d\":1} | 3",
                "[\"\\ud83d\",\"\\ude00\"] | 2",
                "[\"\\ud83d\\ude00\",\"\\ude00\"] | 17",
                "\"\\\\ud83d\" | -1",
            },
            quoteCharacter = '\'')
    void itsPlaceIsTheBeginningOfTheEscape(String document, long offset) {
        assertThat(offsetIn(document, 1_000)).isEqualTo(offset);
    }

    @Test
    void itIsFoundHoweverTheBytesAreCut() {
        Random random = new Random(20261126);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder("\"");
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String document = text.append('"').toString();
            for (int size = 1; size < 9; size++) {
                assertThat(offsetIn(document, size)).as(document).isEqualTo(expected(document));
            }
        }
    }

    // As slow and as plain as can be.
    private static long expected(String document) {
        for (int i = 0; i < document.length(); i++) {
            if (document.charAt(i) != '\\') {
                continue;
            }
            char unit = unitAt(document, i);
            if (Character.isHighSurrogate(unit) && Character.isLowSurrogate(unitAt(document, i + 6))) {
                i += 11;
            } else if (Character.isSurrogate(unit)) {
                return document.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
            } else {
                i++;
            }
        }
        return -1;
    }

    private static char unitAt(String document, int i) {
        boolean escaped = document.startsWith("\\u", i);
        return escaped ? (char) Integer.parseInt(document.substring(i + 2, i + 6), 16) : 0;
    }

    @Test
    void theNextDocumentBeginsWithoutOne() {
        JsonScanner scanner = new JsonScanner(Paths.NONE, new JsonValues() {});
        byte[] lone = "\"\\ud83d\"".getBytes(StandardCharsets.US_ASCII);
        scanner.feed(lone, 0, lone.length);
        scanner.end();
        assertThat(scanner.loneSurrogateOffset()).isEqualTo(1);
        scanner.reset();
        scanner.feed(new byte[] {'1'}, 0, 1);
        scanner.end();
        assertThat(scanner.loneSurrogateOffset()).isEqualTo(-1);
    }

    @Test
    void aStringMayBeAllowedToBeLonger() {
        byte[] document = ("\"" + "x".repeat(20) + "\"").getBytes(StandardCharsets.US_ASCII);
        JsonScanner strict = new JsonScanner(Paths.NONE, new JsonValues() {}, 19);
        strict.feed(document, 0, document.length);
        assertThat(strict.error()).isEqualTo(JsonError.STRING_TOO_LONG);
        JsonScanner lenient = new JsonScanner(Paths.NONE, new JsonValues() {}, 20);
        lenient.feed(document, 0, document.length);
        assertThat(lenient.error()).isNull();
    }
}
