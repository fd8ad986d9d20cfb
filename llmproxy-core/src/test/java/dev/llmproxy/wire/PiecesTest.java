package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a string with escapes is cut when it is shown. */
class PiecesTest {
    private static final Paths PATHS = Paths.builder().add("text", 0).build();

    private final List<byte[]> pieces = new ArrayList<>();
    private final JsonScanner scanner = new JsonScanner(PATHS, new JsonValues() {
        @Override
        public void string(int field, byte[] utf8, int from, int to) {
            pieces.add(Arrays.copyOfRange(utf8, from, to));
        }
    });

    private void scan(String escaped) {
        pieces.clear();
        byte[] document = ("{\"text\":\"" + escaped + "\"}").getBytes(StandardCharsets.UTF_8);
        scanner.reset();
        scanner.feed(document, 0, document.length);
        scanner.end();
        assertThat(scanner.complete()).isTrue();
    }

    private String shown() {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(new String(piece, StandardCharsets.UTF_8)));
        return text.toString();
    }

    @Test
    void escapesAndShortTextsBetweenThemAreOnePiece() {
        scan("Yes.\\n\\nIt is \\u201cso\\u201d, and \\\"so\\\".");
        assertThat(pieces).hasSize(1);
        assertThat(shown()).isEqualTo("Yes.\n\nIt is \u201cso\u201d, and \"so\".");
    }

    @Test
    void aLongTextIsNotCopied() {
        String line = "x".repeat(1_000);
        scan(line + "\\n" + line);
        assertThat(pieces).extracting(piece -> piece.length).containsExactly(1_000, 1, 1_000);
    }

    @Test
    void halfOfAPairThatStaysAloneIsAPieceOfItsOwn() {
        scan("a\\ud83db\\n\\ude00\\ud83d\\ud83d\\ude00c");
        assertThat(pieces)
                .containsExactly(
                        bytes('a'),
                        bytes(0xed, 0xa0, 0xbd),
                        bytes('b', '\n'),
                        bytes(0xed, 0xb8, 0x80),
                        bytes(0xed, 0xa0, 0xbd),
                        bytes(0xf0, 0x9f, 0x98, 0x80, 'c'));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void nothingIsLostHoweverLongTheTextIs() {
        Random random = new Random(20261127);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            StringBuilder escaped = new StringBuilder();
            for (int i = random.nextInt(200); i >= 0; i--) {
                addRandom(random, text, escaped);
            }
            scan(escaped.toString());
            assertThat(shown()).isEqualTo(text.toString());
        }
    }

    private static void addRandom(Random random, StringBuilder text, StringBuilder escaped) {
        switch (random.nextInt(5)) {
            case 0 -> add(text, "\n\t\"\\\b/", escaped, "\\n\\t\\\"\\\\\\b\\/");
            case 1 -> add(text, "\u2014\u00e9\u0007", escaped, "\\u2014\\u00E9\\u0007");
            case 2 -> add(text, "\u20ac\u00fc\ud83d\ude00", escaped, "\u20ac\u00fc\ud83d\ude00");
            case 3 -> add(text, "\ud83d\ude00", escaped, "\\uD83D\\ude00");
            default -> {
                String words = "0123456789".repeat(20).substring(0, random.nextInt(200));
                add(text, words, escaped, words);
            }
        }
    }

    private static void add(StringBuilder text, String said, StringBuilder escaped, String written) {
        text.append(said);
        escaped.append(written);
    }
}
