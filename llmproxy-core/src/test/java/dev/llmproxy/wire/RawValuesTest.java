package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawValuesTest {
    private static final String DOCUMENT =
            "{\"a\":1,\"n\":[-2.50e1 ,7],\"in\":{\"b\": [1, {\"c\":\"\\u00fc}\"}],\"d\":{}},\"in2\":[ ],\"e\":2}";
    private final StringBuilder shown = new StringBuilder();
    private final JsonScanner scanner = new JsonScanner(
            Paths.builder()
                    .add("a", 0)
                    .addNumber("n[]", 4)
                    .addRaw("in", 1)
                    .add("in.b", 3)
                    .addRaw("in2", 2)
                    .build(),
            new JsonValues() {
                @Override
                public void raw(int field, byte[] json, int from, int to) {
                    shown.append(new String(json, from, to - from, StandardCharsets.UTF_8));
                }

                @Override
                public void begin(int field, boolean array) {
                    shown.append('<').append(field);
                }

                @Override
                public void end(int field) {
                    shown.append(field).append('>');
                }
            });

    @BeforeEach
    void clear() {
        shown.setLength(0);
    }

    @Test
    void showsObjectsAndArraysAsTheyAreWritten() {
        byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scanDocument(document, 0, document.length)).isTrue();
        assertThat(shown).hasToString("-2.50e17<1<33>{\"b\": [1, {\"c\":\"\\u00fc}\"}],\"d\":{}}1><2[ ]2>");
    }

    @Test
    void showsTheSameOfADocumentThatComesAgain() {
        byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        scanner.scanDocument(document, 0, document.length);
        String first = shown.toString();
        clear();
        scanner.scanDocument(document, 0, document.length);
        assertThat(shown).hasToString(first);
    }

    @Test
    void showsTheSameInPiecesOfEverySize() {
        byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size < document.length; size++) {
            clear();
            scanner.reset();
            for (int from = 0; from < document.length; from += size) {
                scanner.feed(document, from, Math.min(document.length, from + size));
            }
            scanner.end();
            assertThat(scanner.complete()).isTrue();
            assertThat(shown.toString().replaceAll("<\\d|\\d>", ""))
                    .isEqualTo("-2.50e17{\"b\": [1, {\"c\":\"\\u00fc}\"}],\"d\":{}}[ ]");
        }
    }

    @Test
    void aDocumentThatBreaksInsideLeavesNothingOpen() {
        byte[] broken = "{\"in\":{\"b\":x".getBytes(StandardCharsets.UTF_8);
        scanner.scanDocument(broken, 0, broken.length);
        clear();
        byte[] next = "{\"a\":{\"b\":1}}".getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scanDocument(next, 0, next.length)).isTrue();
        assertThat(shown).hasToString("<00>");
    }

    @Test
    void aNumberMayBeTheWholeDocument() {
        JsonScanner numbers = new JsonScanner(Paths.builder().addNumber("", 0).build(), new JsonValues() {
            @Override
            public void raw(int field, byte[] json, int from, int to) {
                shown.append(new String(json, from, to - from, StandardCharsets.UTF_8));
            }

            @Override
            public void number(int field, long value, boolean integral) {
                shown.append('=').append(value);
            }
        });
        byte[] document = "-17.25".getBytes(StandardCharsets.UTF_8);
        numbers.feed(document, 0, 3);
        numbers.feed(document, 3, document.length);
        numbers.end();
        assertThat(shown).hasToString("-17.25=-17");
    }
}
