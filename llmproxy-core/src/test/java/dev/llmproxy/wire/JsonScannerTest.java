package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static final Paths CHAT = Paths.builder()
            .add("", 0)
            .add("id", 1)
            .add("choices[]", 2)
            .add("choices[].delta.content", 3)
            .add("choices[].finish_reason", 4)
            .add("usage.total", 5)
            .add("a", 6)
            .build();

    private static @Nullable JsonError errorOf(String document) {
        return JsonScanner.check(document.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "1",
                "-12",
                "0.5",
                "1e9",
                "1E+09",
                "1.25e-3",
                "0e0",
                "true",
                "false",
                "null",
                " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
                "[[[]],{},\"x\",-1.5,null]",
                "{\"\":\"\"}",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83d\\uDE00\"",
                "\"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"",
                "{\"a\":1,\"a\":2}",
            })
    void acceptsEveryProduction(String document) {
        assertThat(errorOf(document)).isNull();
    }

    @Test
    void whatIsIndentedIsReadHoweverDeepAndWhereverItIsCut() {
        for (int depth = 0; depth < 30; depth++) {
            String document = "{\n" + " ".repeat(depth) + "\"id\": 1}";
            Scanned whole = Scanned.of(CHAT, "{\"id\":1}");
            byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at <= bytes.length; at++) {
                assertThat(Scanned.split(CHAT, bytes, at)).isEqualTo(whole);
            }
            Scanned wrong = Scanned.of(CHAT, "[\n" + " ".repeat(depth) + "x" + " ".repeat(9) + "]");
            assertThat(wrong.error()).isEqualTo(JsonError.SYNTAX);
            assertThat(wrong.errorOffset()).isEqualTo(2 + depth);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{|1",
                "[1,|3",
                "[1|2",
                "{\"a|3",
                "{\"a\"|4",
                "{\"a\":|5",
                "{\"a\":1|6",
                "\"|1",
                "\"\\|2",
                "\"\\u12|5",
                "tru|3",
                "-|1",
                "1.|2",
                "1e|2",
                "1e+|3",
            })
    void tellsWhereATextEndsTooEarly(String document, long offset) {
        Scanned scanned = Scanned.of(Paths.NONE, document);
        assertThat(scanned.error()).isEqualTo(JsonError.TRUNCATED);
        assertThat(scanned.errorOffset()).isEqualTo(offset);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "}|0",
                "]|0",
                ",|0",
                ":|0",
                "'a'|0",
                "a|0",
                "/**/1|0",
                "[1}|2",
                "{]|1",
                "[,]|1",
                "[1,]|3",
                "[1,,2]|3",
                "[1 2]|3",
                "[1:2]|2",
                "{,}|1",
                "{\"a\":1,}|7",
                "{\"a\":1,,|7",
                "{\"a\" 1}|5",
                "{\"a\",1}|4",
                "{\"a\"::1}|5",
                "{\"a\":}|5",
                "{\"a\":1 \"b\":2}|7",
                "{a:1}|1",
                "{1:1}|1",
                "{null:1}|1",
                "01|1",
                "-01|2",
                "[00]|2",
                "+1|0",
                ".5|0",
                "-.5|1",
                "--1|1",
                "1.e5|2",
                "1.5.2|3",
                "1e5.2|3",
                "1ee5|2",
                "1e+-5|3",
                "1-2|1",
                "[-]|2",
                "[1.]|3",
                "[1e]|3",
                "0x10|1",
                "NaN|0",
                "-Infinity|1",
                "tRue|1",
                "nul1|3",
                "[truee]|5",
                "\"\\x41\"|2",
                "\"\\'\"|2",
                "\"\\U0041\"|2",
                "\"\\u12g4\"|5",
                "\"\\u 123\"|3",
                "\"\\u123\"|6",
                "\"\\u00é9\"|5",
            })
    void tellsWhereTheGrammarIsBroken(String document, long offset) {
        Scanned scanned = Scanned.of(Paths.NONE, document);
        // A letter after a whole number is a second value.
        assertThat(scanned.error()).isEqualTo(document.equals("0x10") ? JsonError.TRAILING : JsonError.SYNTAX);
        assertThat(scanned.errorOffset()).isEqualTo(offset);
    }

    @Test
    void aTextWithoutAValueIsTruncated() {
        assertThat(errorOf("")).isEqualTo(JsonError.TRUNCATED);
        assertThat(errorOf(" \n")).isEqualTo(JsonError.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}{}", "1 2", "{}}", "[]]", "\"\"\"", "truefalse", "null,", "{} x", "1,"})
    void nothingMayFollowTheValue(String document) {
        assertThat(errorOf(document)).isEqualTo(JsonError.TRAILING);
    }

    @Test
    void showsOnlyWhatIsWatched() {
        String document =
                "{\"id\":\"x1\",\"n\":{\"id\":3},\"choices\":[{\"delta\":{\"content\":\"Hi \\u00e9\",\"x\":1},"
                        + "\"finish_reason\":null},7],\"usage\":{\"total\":12.5},\"a\":true}";
        assertThat(Scanned.of(CHAT, document).values())
                .containsExactly(
                        "0 {",
                        "1 string x1",
                        "2 {",
                        "3 string Hi Ã©",
                        "4 null",
                        "2 end",
                        "2 number 7",
                        "5 number 12 and more",
                        "6 true",
                        "0 end");
    }

    @Test
    void comparesNamesUnescaped() {
        assertThat(Scanned.of(CHAT, "{\"\\u0069d\":1,\"choice\\u0073\":[1]}").values())
                .containsExactly("0 {", "1 number 1", "2 number 1", "0 end");
    }

    @Test
    void aNameThatBeginsLikeAWatchedOneIsNotWatched() {
        assertThat(Scanned.of(CHAT, "{\"idx\":1,\"i\":2,\"\\u0069dx\":3,\"choices\\u0073\":[4],\"\":5}")
                        .values())
                .containsExactly("0 {", "0 end");
    }

    @Test
    void tellsAWatchedNameThatComesAgain() {
        assertThat(Scanned.of(CHAT, "{\"a\":1,\"b\":1,\"b\":2,\"\\u0061\":2,\"usage\":{\"a\":3}}")
                        .values())
                .containsExactly("0 {", "6 number 1", "6 again", "6 number 2", "0 end");
    }

    @Test
    void everyObjectCountsItsNamesAnew() {
        assertThat(Scanned.of(CHAT, "{\"choices\":[{\"finish_reason\":1},{\"finish_reason\":2}]}")
                        .values())
                .doesNotContain("4 again");
    }

    @Test
    void toleratesAByteOrderMarkAndTellsIt() {
        byte[] document = "\ufeff{}".getBytes(StandardCharsets.UTF_8);
        assertThat(Scanned.of(Paths.NONE, document).bom()).isTrue();
        assertThat(Scanned.of(Paths.NONE, document).complete()).isTrue();
        assertThat(Scanned.of(Paths.NONE, document, 1).complete()).isTrue();
        assertThat(errorOf(" \ufeff{}")).isEqualTo(JsonError.SYNTAX);
        assertThat(errorOf("\ufeff\ufeff{}")).isEqualTo(JsonError.SYNTAX);
        assertThat(errorOf("\ufeff")).isEqualTo(JsonError.TRUNCATED);
    }

    @Test
    void aResetForgetsEverything() {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(CHAT, values);
        scanner.scanDocument("\ufeff{\"a\":1,\"b\":[{\"c\":\"\\ud83d".getBytes(StandardCharsets.UTF_8), 0, 20);
        values.take();
        byte[] next = "{\"a\":2}".getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scanDocument(next, 0, next.length)).isTrue();
        assertThat(Scanned.now(scanner, values)).isEqualTo(Scanned.of(CHAT, next));
    }

    @Test
    void nothingIsLookedAtAfterAnError() {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(CHAT, values);
        scanner.feed(new byte[] {'}'}, 0, 1);
        scanner.feed("{\"a\":1}".getBytes(StandardCharsets.UTF_8), 0, 7);
        scanner.end();
        assertThat(Scanned.now(scanner, values)).isEqualTo(Scanned.of(CHAT, "}"));
    }

    @Test
    void refusesAPieceOutsideItsArray() {
        JsonScanner scanner = new JsonScanner(CHAT, new RecordingValues());
        assertThatThrownBy(() -> scanner.feed(new byte[3], 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
