package dev.llmproxy.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    /** Keeps everything, and folds from there on. */
    private static CanonicalJson form(byte[] json, int longest) {
        return new CanonicalJson(json, RequestWords.OLLAMA, new RequestValues(), longest);
    }

    private static String text(String json) {
        CanonicalJson form = form(json.getBytes(UTF_8), Integer.MAX_VALUE);
        assertThat(form.write()).isNull();
        return form.toString();
    }

    private static String refusal(String json) {
        return String.valueOf(form(json.getBytes(UTF_8), CanonicalJson.LONGEST).write());
    }

    private static ByteString digest(String json) {
        CanonicalJson form = form(json.getBytes(UTF_8), 40);
        assertThat(form.write()).isNull();
        return form.digest();
    }

    // RFC 8785, section 3.2.2. Its first number is rounded there to what a double holds, 333333333.3333333.
    @Test
    void primitivesAreThoseOfTheRfcButForRounding() {
        assertThat(text("""
                                {
                                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                                  "literals": [null, true, false]
                                }""")).isEqualTo("""
                        {"literals":[null,true,false],"numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA'B\\"\\\\\\\\\\"/"}""");
    }

    // RFC 8785, section 3.2.3.
    @Test
    void membersAreSortedAsInTheRfc() {
        assertThat(text("""
                                {
                                  "\\u20ac": "Euro Sign",
                                  "\\r": "Carriage Return",
                                  "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                                  "1": "One",
                                  "\\ud83d\\ude00": "Emoji: Grinning Face",
                                  "\\u0080": "Control",
                                  "\\u00f6": "Latin Small Letter O With Diaeresis"
                                }"""))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void membersAreSortedHoweverManyThereAreAndWhereverTheyLie() {
        String[] values = {"1", "\"x\"", "[2,{\"b\":1,\"a\":2}]", "\"\\u0041\"", "1.0", "{}", "null", "-7"};
        Random random = new Random(21);
        for (int size = 2; size < 60; size++) {
            List<String> members = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                String name = random.nextInt(6) == 0 ? "\\u00" + (40 + i % 10) + i : "n" + i;
                String colon = random.nextInt(4) == 0 ? " : " : ":";
                members.add('"' + name + '"' + colon + values[random.nextInt(values.length)]);
            }
            Collections.shuffle(members, random);
            String json = "{\"o\":{" + String.join(",", members) + "}}";
            assertThat(text(json)).isEqualTo(SlowCanonicalJson.of(json.getBytes(UTF_8)));
            members.add(random.nextInt(size), members.get(random.nextInt(size)));
            assertThat(refusal("{" + String.join(",", members) + "}"))
                    .isEqualTo("an object of the body has a member twice");
        }
    }

    // The published test files arrays, french, structures, unicode, values and weird of the RFC's author.
    @Test
    void publishedFilesComeOutAsPublished() {
        assertThat(text("{\"a\":[56,{\"d\":true,\"10\":null,\"1\":[]}]}"))
                .isEqualTo("{\"a\":[56,{\"1\":[],\"10\":null,\"d\":true}]}");
        assertThat(text("{\"peach\":\"This sorting order\",\"p\u00e9ch\u00e9\":\"is wrong according to French\","
                        + "\"p\u00eache\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}"))
                .isEqualTo("{\"peach\":\"This sorting order\",\"p\u00e9ch\u00e9\":\"is wrong according to French\","
                        + "\"p\u00eache\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}");
        assertThat(text("{\"1\":{\"f\":{\"f\":\"hi\",\"F\":5},\"\\n\":56.0},\"10\":{},\"\":\"empty\",\"a\":{},"
                        + "\"111\":[{\"e\":\"yes\",\"E\":\"no\"}],\"A\":{}}"))
                .isEqualTo("{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},"
                        + "\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}");
        assertThat(text("{\"Unnormalized Unicode\":\"A\\u030a\"}")).isEqualTo("{\"Unnormalized Unicode\":\"A\u030a\"}");
        assertThat(text("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\u000a\":\"Newline\",\"1\":\"One\","
                        + "\"\\u0080\":\"Control\\u007f\",\"\\ud83d\\ude02\":\"Smiley\","
                        + "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\","
                        + "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
                        + "\"</script>\":\"Browser Challenge\"}"))
                .isEqualTo("{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\","
                        + "\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude02\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "-0.0e-5, 0",
        "0e99999999999, 0", // there is no zero below zero
        "1, 1",
        "1.0, 1",
        "1e0, 1",
        "10e-1, 1",
        "0.1E+1, 1",
        "100e-0000000000002, 1",
        "9007199254740992, 9007199254740992",
        "9007199254740993, 9007199254740993",
        "-1.50, -1.5",
        "0.000001, 0.000001",
        "0.0000001, 1e-7",
        "1e21, 1e+21",
        "1e20, 100000000000000000000",
        "123456789012345678901234, 1.23456789012345678901234e+23",
        "1e400, 1e+400",
        "5e-324, 5e-324",
        "1e999999999, 1e+999999999",
        "-12.5e-9, -1.25e-8",
        "295147905179352830000, 295147905179352830000",
    })
    void numbersAreTheSameByTheirExactValue(String written, String canonical) {
        assertThat(text("{\"n\":" + written + "}")).isEqualTo("{\"n\":" + canonical + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"a":1,"b":{},"a":2} | an object of the body has a member twice
        {"b":1,"a":2,"\\u0062":3} | an object of the body has a member twice
        {"a":{"x":1,"x":1}} | an object of the body has a member twice
        {"a":"\\ud800"} | the body has half of a surrogate pair at byte 6
        {"a":"\\ud83d\\n","b":1} | the body has half of a surrogate pair at byte 6
        {"a":"x\\ud83d\\u0041"} | the body has half of a surrogate pair at byte 7
        {"\\ude00":1} | the body has half of a surrogate pair at byte 2
        {"a":1,"a":2,"b":"\\ud83dx"} | the body has half of a surrogate pair at byte 18
        {"a":1,"a":2,"b":tru} | the body is no JSON that is read in one way only: syntax at byte 20
        {"a":1}{ | the body is no JSON that is read in one way only: trailing at byte 7
        {"a":1 | the body is no JSON that is read in one way only: truncated at byte 6
        {"a":01} | the body is no JSON that is read in one way only: syntax at byte 6
        [{"a":1}] | the body is no object
        "a" | the body is no object
        12 | the body is no object
        {"a":1e1000000000} | a number of the body is out of all bounds
        {"a":-1E-99999999999999999999} | a number of the body is out of all bounds
        """)
    void whatCanBeUnderstoodInTwoWaysIsRefused(String json, String reason) {
        assertThat(refusal(json)).isEqualTo(reason);
    }

    @Test
    void malformedTextIsRefused() {
        byte[] json = "{\"a\":\"xx\"}".getBytes(UTF_8);
        json[6] = (byte) 0xc0;
        json[7] = (byte) 0x80;
        assertThat(form(json, CanonicalJson.LONGEST).write())
                .isEqualTo("the body is no JSON that is read in one way only: malformed utf8 at byte 6");
        byte[] marked = "\ufeff{}".getBytes(UTF_8);
        assertThat(form(marked, CanonicalJson.LONGEST).write()).isEqualTo("the body begins with a byte order mark");
    }

    @Test
    void nestingIsBounded() {
        String most = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
        assertThat(text(most)).isEqualTo(most);
        assertThat(refusal("{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}"))
                .isEqualTo("the body is nested deeper than 64");
    }

    @Test
    void membersAreBounded() {
        StringBuilder json = new StringBuilder("{\"m\":{\"a\":0");
        for (int i = 0; i < 1 << 16; i++) {
            json.append(",\"").append(i).append("\":0");
        }
        assertThat(refusal(json.append("}}").toString())).isEqualTo("the body has more than 65536 members");
    }

    @ParameterizedTest
    @ValueSource(ints = {34, 40, 1024, Integer.MAX_VALUE})
    void agreesWithThePlainWayOnRandomDocuments(int longest) {
        RandomBody random = new RandomBody(new Random(longest));
        for (int i = 0; i < 5_000; i++) {
            String json = random.document();
            CanonicalJson form = form(json.getBytes(UTF_8), longest);
            String slow = SlowCanonicalJson.of(json.getBytes(UTF_8));
            assertThat(form.write() == null).as(json).isEqualTo(slow != null);
            if (slow != null) {
                assertThat(form.digest()).as(json).isEqualTo(folded(slow, longest));
            }
        }
    }

    // The form is a fixed point: written again, folded alike.
    private static ByteString folded(String canonical, int longest) {
        CanonicalJson form = form(canonical.getBytes(UTF_8), longest);
        assertThat(form.write()).isNull();
        if (longest == Integer.MAX_VALUE) {
            assertThat(form.toString()).isEqualTo(canonical);
        }
        return form.digest();
    }

    @Test
    void orderAndBlanksNeverMatter() {
        Random random = new Random(8785);
        for (int i = 0; i < 1_000; i++) {
            RandomTree tree = RandomTree.object(random, 4);
            assertThat(digest(tree.written(random))).isEqualTo(digest(tree.written(random)));
        }
    }

    @Test
    void anyOtherEditDoes() {
        Random random = new Random(3_141);
        for (int i = 0; i < 5_000; i++) {
            RandomTree tree = RandomTree.object(random, 4);
            ByteString before = digest(tree.written(random));
            String edited = tree.edit(random).written(random);
            assertThat(digest(edited)).as(edited).isNotEqualTo(before);
        }
    }

    @Test
    void theOrderOfElementsMatters() {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            elements.add("{\"content\":\"" + "x".repeat(i) + "\"}");
        }
        ByteString before = digest("{\"messages\":" + elements + "}");
        Collections.swap(elements, 17, 42);
        assertThat(digest("{\"messages\":" + elements + "}")).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 200, 1024})
    void aListThatIsDigestedWhileItIsWrittenIsFoldedAsAWhole(int longest) {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 100; i++) {
            list.append(i == 0 ? "" : ",").append("{\"a\":").append(i).append(",\"b\":\"some text\"}");
        }
        String inner = list.append(']').toString();
        String outer = "[1,\"x\"," + inner + ",[],2," + inner + "]";
        CanonicalJson form = form(("{\"b\":" + outer + ",\"a\":" + inner + "}").getBytes(UTF_8), longest);
        assertThat(form.write()).isNull();
        Buffer folded = new Buffer().writeUtf8("[1,\"x\",");
        folded.write(folded(inner)).writeUtf8(",[],2,").write(folded(inner)).writeUtf8("]");
        assertThat(form.digest())
                .isEqualTo(new Buffer()
                        .writeUtf8("{\"a\":")
                        .write(folded(inner))
                        .writeUtf8(",\"b\":")
                        .write(longest < 60 ? folded(folded.snapshot()) : folded.snapshot())
                        .writeUtf8("}")
                        .sha256());
    }

    private static ByteString folded(String value) {
        return folded(ByteString.encodeUtf8(value));
    }

    private static ByteString folded(ByteString value) {
        return new Buffer().writeByte(0).write(value.sha256()).snapshot();
    }

    @Test
    void aFoldedValueIsNoneThatLooksLikeIt() {
        String longText = "x".repeat(2_000);
        ByteString sha = ByteString.encodeUtf8('"' + longText + '"').sha256();
        String fake = new String(sha.toByteArray(), StandardCharsets.ISO_8859_1);
        assertThat(refusal("{\"a\":\"\0" + fake + "\"}")).contains("control character");
        assertThat(digest("{\"a\":\"" + longText + "\"}"))
                .isNotEqualTo(digest("{\"a\":\"" + HexFormat.of().formatHex(sha.toByteArray()) + "\"}"));
    }

    @Test
    void aLongStringIsTheSameWithEscapesOfAnyKind() {
        String plain = "{\"a\":\"" + "h\u00e9/\\n".repeat(500) + "\"}";
        String escaped = "{\"a\":\"" + "\\u0068\\u00E9\\/\\u000a".repeat(500) + "\"}";
        assertThat(digest(escaped)).isEqualTo(digest(plain));
    }
}
