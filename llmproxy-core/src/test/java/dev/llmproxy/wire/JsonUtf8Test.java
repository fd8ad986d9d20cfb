package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the scanner to the decoder of the JDK. */
class JsonUtf8Test {
    private static final Paths PATHS = Paths.builder().add("", 0).build();
    private static final int[] INTERESTING = {
        0x20, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
        0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff
    };

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] quoted(byte[] text, String before) {
        byte[] quoted = new byte[before.length() + text.length + 2];
        quoted[0] = '"';
        System.arraycopy(before.getBytes(StandardCharsets.US_ASCII), 0, quoted, 1, before.length());
        System.arraycopy(text, 0, quoted, 1 + before.length(), text.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    private static void assertLikeTheDecoder(byte... text) {
        byte[] document = quoted(text, "");
        Scanned scanned = Scanned.of(PATHS, document);
        if (isUtf8(text)) {
            assertThat(scanned.values())
                    .isEqualTo(List.of("0 string " + new String(text, StandardCharsets.ISO_8859_1)));
        } else {
            assertThat(scanned.error())
                    .describedAs(HexFormat.of().formatHex(text))
                    .isEqualTo(JsonError.MALFORMED_UTF8);
        }
        assertThat(Scanned.of(PATHS, document, 1)).isEqualTo(scanned);
    }

    @Test
    void everyPairOfBytes() {
        for (int first = 0x80; first < 0x100; first++) {
            for (int second = 0x5d; second < 0x100; second++) {
                assertLikeTheDecoder((byte) first, (byte) second);
            }
        }
    }

    @Test
    void threeAndFourBytesAtTheBounds() {
        for (int first : INTERESTING) {
            for (int second : INTERESTING) {
                for (int third : INTERESTING) {
                    assertLikeTheDecoder((byte) first, (byte) second, (byte) third);
                    assertLikeTheDecoder((byte) first, (byte) second, (byte) third, (byte) 0x80);
                    assertLikeTheDecoder((byte) first, (byte) second, (byte) third, (byte) 0xbf, (byte) 0x41);
                }
            }
        }
    }

    @Test
    void everyCharacter() {
        StringBuilder all = new StringBuilder();
        for (int character = 0x80; character <= 0x10ffff; character++) {
            if (character < 0xd800 || character > 0xdfff) {
                all.appendCodePoint(character);
            }
        }
        byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(Scanned.of(PATHS, quoted(text, "")).complete()).isTrue();
        assertThat(Scanned.of(PATHS, quoted(text, ""), 5).complete()).isTrue();
    }

    @Test
    void randomBytesAmongText() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = "Gr\u00fc\u00dfe \u20ac \ud83d\ude00 und so weiter, weiter".getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                text[random.nextInt(text.length)] = (byte) (0x80 | random.nextInt(0x80));
            }
            assertLikeTheDecoder(text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c080, 0", // longer than needed
        "e08080, 1",
        "f0808080, 1",
        "eda080, 1", // a surrogate
        "f4908080, 1", // above U+10FFFF
        "e282, 2", // cut
        "f09f98, 3",
        "80, 0",
        "c3c3, 1",
    })
    void tellsTheByteThatCannotStandThere(String hex, int index) {
        byte[] text = HexFormat.of().parseHex(hex);
        for (int before = 0; before < 12; before++) {
            byte[] document = quoted(text, "x".repeat(before));
            Scanned scanned = Scanned.of(PATHS, document);
            assertThat(scanned.error()).isEqualTo(JsonError.MALFORMED_UTF8);
            assertThat(scanned.errorOffset()).isEqualTo(1 + before + index);
        }
    }

    @Test
    void namesAreCheckedToo() {
        byte[] document = {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'};
        assertThat(JsonScanner.check(document)).isEqualTo(JsonError.MALFORMED_UTF8);
    }

    @Test
    void textOutsideOfStringsIsASyntaxError() {
        assertThat(JsonScanner.check("[\u00e9]".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(JsonError.SYNTAX);
    }

    @ParameterizedTest
    @CsvSource({
        "\\ud83d\\ude00, f09f9880",
        "\\uD83D, eda0bd",
        "\\uDE00, edb880",
        "\\ud83d\\ud83d\\ude00, eda0bdf09f9880",
        "\\ude00\\ud83d, edb880eda0bd",
        "\\ud83dx, eda0bd78",
        "\\ud83d\\n, eda0bd0a",
        "\\u0000, 00",
        "\\u07ff\\u0800\\uffff, dfbfe0a080efbfbf",
        "\\udbff\\udfff, f48fbfbf",
    })
    void escapesComeDecoded(String text, String hex) {
        byte[] document = ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
        String expected = "0 string " + new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
        for (int at = 0; at <= document.length; at++) {
            assertThat(Scanned.split(PATHS, document, at).values()).containsExactly(expected);
        }
    }
}
