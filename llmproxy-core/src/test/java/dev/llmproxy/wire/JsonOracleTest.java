package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the scanner to Moshi's reader, and to itself when the bytes come in other pieces. */
class JsonOracleTest {
    private static final Map<String, Integer> FIELDS = Map.of(
            "", 0, "a", 1, "b", 2, "a.b", 3, "a[]", 4, "a[].b", 5, "[]", 6, "[].a", 7, "[][]", 8, "b.longer name.c", 9);
    private static final Paths PATHS = paths();
    // No capital letter: Moshi reads truE.
    private static final byte[] DAMAGE =
            "\"\\{}[],:0123456789.e+-truefalsn \n\t\u0001\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8);

    private static Paths paths() {
        Paths.Builder paths = Paths.builder();
        FIELDS.forEach(paths::add);
        return paths.build();
    }

    private static byte[] random(Random random) {
        return new RandomJson(random).document().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void showsWhatMoshiReads() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] document = random(random);
            assertThat(Scanned.of(PATHS, document).values())
                    .describedAs(new String(document, StandardCharsets.UTF_8))
                    .isEqualTo(MoshiReading.of(FIELDS, document));
        }
    }

    @Test
    void acceptsOfDamagedDocumentsNoMoreThanMoshi() {
        Random random = new Random(2);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] document = damaged(random(random), random);
            Scanned scanned = Scanned.of(PATHS, document);
            List<String> expected = MoshiReading.of(FIELDS, document);
            if (scanned.complete()) {
                accepted++;
                assertThat(scanned.values())
                        .describedAs(new String(document, StandardCharsets.UTF_8))
                        .isEqualTo(expected);
            } else if (expected != null) {
                assertThat(isStricterThanMoshi(scanned, document))
                        .describedAs("%s: %s", new String(document, StandardCharsets.UTF_8), scanned)
                        .isTrue();
            }
        }
        assertThat(accepted).isBetween(10_000, 50_000);
    }

    /** Moshi takes controls and any bytes in strings, and a line feed after a backslash. */
    private static boolean isStricterThanMoshi(Scanned scanned, byte[] document) {
        boolean escapedLineFeed = scanned.error() == JsonError.SYNTAX && document[(int) scanned.errorOffset()] == '\n';
        return escapedLineFeed
                || scanned.error() == JsonError.CONTROL_CHARACTER
                || scanned.error() == JsonError.MALFORMED_UTF8;
    }

    @Test
    void cutsDoNotMatter() {
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            byte[] whole = random(random);
            byte[] document = i % 3 == 0 ? damaged(whole, random) : whole;
            Scanned expected = Scanned.of(PATHS, document);
            assertThat(Scanned.of(PATHS, document, 1)).isEqualTo(expected);
            assertThat(Scanned.of(PATHS, document, 3)).isEqualTo(expected);
            for (int at = 0; at <= document.length; at++) {
                assertThat(Scanned.split(PATHS, document, at))
                        .describedAs("%s cut at %d", new String(document, StandardCharsets.UTF_8), at)
                        .isEqualTo(expected);
            }
        }
    }

    private static byte[] damaged(byte[] document, Random random) {
        if (document.length == 0) {
            return document;
        }
        int at = random.nextInt(document.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(document, at);
            case 1 -> spliced(document, at, at + 1, new byte[0]);
            case 2 -> spliced(document, at, at, one(random));
            default -> spliced(document, at, at + 1, one(random));
        };
    }

    private static byte[] one(Random random) {
        return new byte[] {DAMAGE[random.nextInt(DAMAGE.length)]};
    }

    private static byte[] spliced(byte[] document, int from, int to, byte[] instead) {
        byte[] spliced = new byte[document.length - (to - from) + instead.length];
        System.arraycopy(document, 0, spliced, 0, from);
        System.arraycopy(instead, 0, spliced, from, instead.length);
        System.arraycopy(document, to, spliced, from + instead.length, document.length - to);
        return spliced;
    }
}
