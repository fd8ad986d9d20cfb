package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A repeat is the document before, but for what flows. */
class RepeatTest {
    private static final Paths PATHS = Paths.builder()
            .add("id", 1)
            .add("a", 2)
            .add("a[]", 2)
            .add("b", 3)
            .add("n", 4)
            .build();
    private static final int BEFORE = 5;

    private final RecordingValues values = new RecordingValues(2, 3);
    private final JsonScanner scanner = new JsonScanner(PATHS, values);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] within(byte[] document) {
        byte[] around = new byte[BEFORE + document.length + 9];
        Arrays.fill(around, (byte) '"');
        System.arraycopy(document, 0, around, BEFORE, document.length);
        return around;
    }

    private void scan(String document) {
        scan(bytes(document));
    }

    private void scan(byte[] document) {
        scanner.scanDocument(within(document), BEFORE, BEFORE + document.length);
        values.take();
    }

    /** Returns how long the repeat is that this begins with, or -1. */
    private int lengthOfRepeat(String next) {
        byte[] data = bytes(next);
        int end = scanner.endOfRepeat(within(data), BEFORE, BEFORE + data.length);
        return end < 0 ? -1 : end - BEFORE;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":\"x\"}|{\"a\":\"x\"}",
                "{\"a\":\"x\"}|{\"a\":\"\"}",
                "{\"a\":\"\",\"n\":1}|{\"a\":\"\\n and \u20ac\\ud83d\",\"n\":1}",
                "{\"a\":\"\\\"\",\"b\":\"y\",\"c\":\"z\"}|{\"a\":\"1234567890\",\"b\":\"\",\"c\":\"z\"}",
                "{\"a\":[\"x\",\"y\"]}|{\"a\":[\"y\",\"xx\"]}",
                "{\"n\":1}|{\"n\":1}",
            })
    void otherTextIsARepeat(String last, String next) {
        scan(last);
        assertThat(lengthOfRepeat(next)).isEqualTo(bytes(next).length);
        assertThat(lengthOfRepeat(next + "\n\n\"")).isEqualTo(bytes(next).length);
        assertThat(values.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":\"x\",\"id\":\"1\"}|{\"a\":\"x\",\"id\":\"2\"}",
                "{\"a\":\"x\",\"n\":1}|{\"a\":\"x\",\"n\":2}",
                "{\"a\":\"x\",\"other\":\"1\"}|{\"a\":\"x\",\"other\":\"2\"}",
                "{\"a\":\"x\"}|{\"a\":null}",
                "{\"a\":null}|{\"a\":\"x\"}",
                "{\"a\":\"x\"}|{\"b\":\"x\"}",
                "{\"a\":\"x\"}|{\"a\": \"x\"}",
                "{\"a\":\"x\"}|{\"a\":\"x\\",
                "{\"a\":\"x\"}|{\"a\":\"x\\z\"}",
                "{\"a\":\"x\"}|{\"a\":\"x",
                "{\"a\":\"x\"}|{\"a\":\"x\"",
                "{\"a\":\"x\"}|{\"a\":\"\u0001\"}",
                "{\"a\":\"x\"}|{\"a\"",
                "{\"a\":[\"x\"]}|{\"a\":[\"x\",\"y\"]}",
                "{\"a\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}|{\"a\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
            })
    void anythingElseIsNone(String last, String next) {
        scan(last);
        assertThat(lengthOfRepeat(next)).isNegative();
    }

    @Test
    void malformedTextIsNoRepeat() {
        scan("{\"a\":\"xy\"}");
        byte[] data = bytes("{\"a\":\"xy\"}");
        data[6] = (byte) 0xc3;
        assertThat(scanner.endOfRepeat(data, 0, data.length)).isNegative();
    }

    @Test
    void aDocumentOfSeveralLinesIsNotRepeated() {
        scan("{\"a\":\n\"x\"}");
        assertThat(lengthOfRepeat("{\"a\":\n\"x\"}")).isNegative();
        scan("{\"a\":\"x\"\r}");
        assertThat(lengthOfRepeat("{\"a\":\"x\"\r}")).isNegative();
    }

    @Test
    void nothingIsRepeatedAfterABadDocumentOrALongOne() {
        assertThat(lengthOfRepeat("{\"a\":\"x\"}")).isNegative();
        for (String other : List.of("{\"a\":\"x\"", "{\"a\":\"" + "x".repeat(ShapeMemo.LONGEST) + "\"}")) {
            scan("{\"a\":\"x\"}");
            scan(other);
            assertThat(lengthOfRepeat("{\"a\":\"x\"}")).isNegative();
        }
    }

    @Test
    void stringsThatFlowAreBoundedInLength() {
        scan("{\"a\":\"x\"}");
        String longest = "x".repeat(JsonScanner.MAX_STRING_LENGTH);
        assertThat(lengthOfRepeat("{\"a\":\"" + longest + "\"}")).isPositive();
        assertThat(lengthOfRepeat("{\"a\":\"" + longest + "x\"}")).isNegative();
    }

    @Test
    void whatIsShownOfARepeatIsWhatFlowsInAScan() {
        Random random = new Random(21);
        RandomJson json = new RandomJson(random);
        List<String> rest = List.of();
        int repeats = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] document = bytes(document(json, random));
            if (random.nextInt(4) == 0) {
                document[random.nextInt(document.length)] = (byte) random.nextInt(256);
            }
            byte[] around = within(document);
            int end = scanner.endOfRepeat(around, BEFORE, around.length);
            byte[] found = end < 0 ? document : Arrays.copyOfRange(around, BEFORE, end);
            Scanned expected = Scanned.of(PATHS, found);
            if (end < 0) {
                scanner.scanDocument(around, BEFORE, BEFORE + document.length);
                assertThat(Scanned.now(scanner, values)).isEqualTo(expected);
                rest = only(expected, line -> !isFlowing(line));
                continue;
            }
            scanner.showRepeat(around, BEFORE, end);
            assertThat(values.take()).isEqualTo(only(expected, RepeatTest::isFlowing));
            assertThat(only(expected, line -> !isFlowing(line))).isEqualTo(rest);
            assertThat(scanner.complete()).isTrue();
            assertThat(expected.complete()).isTrue();
            repeats++;
        }
        assertThat(repeats).isBetween(5_000, 25_000);
    }

    private static String document(RandomJson json, Random random) {
        return "{\"id\":\"" + random.nextInt(1 + random.nextInt(2)) + "\",\"a\":\"" + json.text() + "\",\"n\":"
                + (random.nextInt(20) == 0 ? json.value(2) : "1") + ",\"b\":\"" + json.text() + "\"}";
    }

    private static boolean isFlowing(String line) {
        return line.startsWith("2 string") || line.startsWith("3 string");
    }

    private static List<String> only(Scanned scanned, Predicate<String> chosen) {
        return scanned.values().stream().filter(chosen).toList();
    }
}
