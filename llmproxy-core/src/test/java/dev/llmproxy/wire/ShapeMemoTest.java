package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody can tell whether a document was scanned or compared with the last one. */
class ShapeMemoTest {
    private static final Paths PATHS = Paths.builder()
            .add("", 0)
            .add("id", 1)
            .add("created", 2)
            .add("choices[]", 3)
            .add("choices[].index", 4)
            .add("choices[].delta.content", 5)
            .add("choices[].finish_reason", 6)
            .add("choices[].delta", 7)
            .add("usage.total", 8)
            .add("a", 9)
            .add("a[]", 10)
            .add("b", 11)
            .build();
    private static final List<byte[]> BAD_TEXTS = List.of(
            bytes("quote\" inside"),
            bytes("half \\"),
            bytes("no \\x escape"),
            bytes("\\u12"),
            bytes("line\nfeed"),
            new byte[] {'a', (byte) 0xc3},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b'},
            new byte[] {(byte) 0xff});
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "7",
            "12",
            "1762447225",
            "1.5",
            "1e3",
            "01",
            "-",
            "",
            "1.",
            "+1",
            "9223372036854775808",
            "1".repeat(64),
            "1".repeat(65));

    private final RecordingValues values = new RecordingValues();
    private final JsonScanner scanner = new JsonScanner(PATHS, values);
    private final KnownShapes known = new KnownShapes();
    private int alike;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String chunk(String id, String created, String content, String obfuscation) {
        return "{\"id\":\"" + id + "\",\"created\":" + created + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + content + "\"},\"finish_reason\":null}],\"obfuscation\":\"" + obfuscation + "\"}";
    }

    private void assertSame(byte[] document) {
        // Foreign bytes around it: what lies outside must not count.
        byte[] around = new byte[document.length + 20];
        Arrays.fill(around, (byte) '1');
        System.arraycopy(document, 0, around, 9, document.length);
        boolean complete = scanner.scanDocument(around, 9, 9 + document.length);
        Scanned expected = Scanned.of(PATHS, document);
        assertThat(Scanned.now(scanner, values))
                .describedAs(new String(document, StandardCharsets.UTF_8))
                .isEqualTo(expected);
        assertThat(complete).isEqualTo(expected.complete());
        assertThat(likeThatOfAnotherStream(around, 9, 9 + document.length)).isEqualTo(expected);
        alike += complete ? 1 : 0;
    }

    private Scanned likeThatOfAnotherStream(byte[] data, int from, int to) {
        RecordingValues ofThisStream = new RecordingValues();
        JsonScanner another = new JsonScanner(PATHS, ofThisStream);
        var unused = another.scanDocument(data, from, to, known, 0);
        return Scanned.now(another, ofThisStream);
    }

    private static boolean matches(String remembered, String document) {
        ShapeMemo memo = new ShapeMemo();
        Machine machine = new Machine(
                PATHS, new Teller(new JsonValues() {}), JsonScanner.MAX_STRING_LENGTH, JsonScanner.MAX_NUMBER_LENGTH);
        byte[] first = bytes(remembered);
        machine.write(memo.rewrite(), 0);
        machine.run(first, 0, first.length);
        machine.end(first.length);
        memo.keep(first, 0, first.length, false);
        byte[] second = bytes(document);
        return memo.matches(second, 0, second.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":\"\",\"b\":1}|{\"a\":\"\\n\",\"b\":-22.5e3}",
                "{\"a\":\"x\",\"b\":\"y\"}|{\"a\":\"\",\"b\":\"\\ud83d\"}",
                "[1,2,\"x\",null]|[22,1,\"\u20ac\",null]",
                "[\"a\",\"b\"]|[\"ab\",\"\"]",
                "12|1",
            })
    void otherStringsAndNumbersMatch(String remembered, String document) {
        assertThat(matches(remembered, document)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1}|{\"b\":1}",
                "{\"a\":null}|{\"a\":true}",
                "{\"a\":1}|{\"a\":\"1\"}",
                "{\"a\":1}|{\"a\":01}",
                "{\"a\":1}|{\"a\":1 }",
                "{\"a\":1}|{\"a\":1,\"b\":2}",
                "{\"a\":\"x\"}|{\"a\":\"x",
                "{\"a\":\"x\"}|{\"a\":\"x\"}}",
                "{\"a\":\"x\"}|{\"a\":\"\u0001\"}",
            })
    void anythingElseDoesNot(String remembered, String document) {
        assertThat(matches(remembered, document)).isFalse();
    }

    @Test
    void eventsOfAStreamAreShownAsScanned() {
        Random random = new Random(11);
        RandomJson json = new RandomJson(random);
        for (int i = 0; i < 20_000; i++) {
            String id = random.nextInt(50) == 0 ? json.text() : "chatcmpl-1";
            String created = NUMBERS.get(random.nextInt(10) == 0 ? random.nextInt(NUMBERS.size()) : 4);
            assertSame(bytes(chunk(id, created, json.text(), "x".repeat(random.nextInt(20)))));
        }
        assertThat(alike).isGreaterThan(15_000);
    }

    @Test
    void whatIsDamagedIsFound() {
        Random random = new Random(12);
        RandomJson json = new RandomJson(random);
        for (int i = 0; i < 20_000; i++) {
            byte[] document = bytes(chunk("chatcmpl-1", "1762447225", json.text(), json.text()));
            assertSame(document);
            assertSame(damaged(document, random));
        }
    }

    @Test
    void badTextsInAHoleAreFound() {
        for (byte[] bad : BAD_TEXTS) {
            assertSame(bytes(chunk("x", "1", "Hello", "y")));
            assertSame(bytes(chunk("x", "1", "Hello again", "yy")));
            byte[] document = bytes(chunk("x", "1", "@@", "y"));
            int at = new String(document, StandardCharsets.ISO_8859_1).indexOf("@@");
            assertSame(spliced(document, at, at + 2, bad));
        }
    }

    @Test
    void everyCutOfADocumentIsFound() {
        byte[] document = bytes(chunk("x", "1", "Hello \\u00e9 \u20ac", "y"));
        for (int end = 0; end < document.length; end++) {
            assertSame(document);
            assertSame(Arrays.copyOf(document, end));
        }
    }

    @Test
    void randomDocumentsAndWhatIsMadeOfThem() {
        Random random = new Random(13);
        RandomJson json = new RandomJson(random);
        for (int i = 0; i < 3_000; i++) {
            byte[] document = bytes(json.document());
            assertSame(document);
            for (int changes = 0; changes < 8; changes++) {
                byte[] other = random.nextInt(4) == 0 ? damaged(document, random) : refilled(document, json, random);
                assertSame(other);
                assertSame(random.nextBoolean() ? document : other);
            }
        }
        assertThat(alike).isGreaterThan(20_000);
    }

    @Test
    void anythingMayFollowAByteOrderMark() {
        assertSame(bytes("\ufeff{\"a\":1}"));
        assertSame(bytes("\ufeff{\"a\":22}"));
        assertSame(bytes("{\"a\":3}"));
    }

    @Test
    void aDocumentThatIsOneValueIsShownAsScanned() {
        for (String document :
                List.of("1", "12", "1", "-", "12 ", "\"a\"", "\"ab\"", "\"\"", "\"", "true", "", "1.5", "12x")) {
            assertSame(bytes(document));
        }
    }

    @Test
    void longDocumentsAreShownAsScanned() {
        for (int length = ShapeMemo.LONGEST - 100; length < ShapeMemo.LONGEST + 20; length++) {
            assertSame(bytes("{\"a\":\"" + "x".repeat(length) + "\",\"b\":" + length + "}"));
        }
        assertSame(bytes("{\"a\":\"short\",\"b\":1}"));
        assertSame(bytes("{\"a\":\"" + "\\n".repeat(100_000) + "\",\"b\":1}"));
    }

    /** Puts other contents between two quotes, or in the place of digits. */
    private static byte[] refilled(byte[] document, RandomJson json, Random random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < document.length; i++) {
            if (document[i] == '"' || (document[i] >= '0' && document[i] <= '9')) {
                places.add(i);
            }
        }
        if (places.isEmpty()) {
            return document;
        }
        int from = places.get(random.nextInt(places.size()));
        if (document[from] != '"') {
            return spliced(document, from, from + 1, bytes(NUMBERS.get(random.nextInt(NUMBERS.size()))));
        }
        int to = from + 1;
        while (to < document.length && document[to] != '"') {
            to++;
        }
        return spliced(document, from + 1, Math.max(from + 1, Math.min(to, document.length)), bytes(json.text()));
    }

    private static byte[] damaged(byte[] document, Random random) {
        int at = random.nextInt(document.length);
        byte[] damage = {(byte) random.nextInt(256)};
        return random.nextBoolean() ? spliced(document, at, at + 1, damage) : spliced(document, at, at, damage);
    }

    private static byte[] spliced(byte[] document, int from, int to, byte[] instead) {
        byte[] spliced = new byte[document.length - (to - from) + instead.length];
        System.arraycopy(document, 0, spliced, 0, from);
        System.arraycopy(instead, 0, spliced, from, instead.length);
        System.arraycopy(document, to, spliced, from + instead.length, document.length - to);
        return spliced;
    }
}
