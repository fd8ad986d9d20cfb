package dev.llmproxy.wire;

import java.util.List;
import java.util.random.RandomGenerator;

/** Writes documents at random that are valid, with few names, so that they meet watched ones. */
final class RandomJson {
    private static final List<String> NAMES =
            List.of("a", "b", "c", "", "longer name", "\\u0061", "b\\u0000", "\u00e9");
    private static final List<String> TEXTS = List.of(
            "x",
            "Hello, world",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\r\\t",
            "\\u00e9",
            "\\u20AC",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\ude00",
            "\\ud83d\\ud83d\\ude00",
            "\\ud83dx",
            "\\ud83d\\n",
            "\u00e9",
            "\u20ac",
            "\ud83d\ude00",
            "\u007f",
            "\u0416\u0443\u043a",
            "\u65e5\u672c\u8a9e",
            "\\u0000",
            "{}[],:",
            "12345678");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "12",
            "0.5",
            "-0.25",
            "100.0",
            "1e5",
            "1E-5",
            "2.5e+10",
            "0e0",
            "1762447225",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999999999",
            "1e999999999",
            "922337203685477580",
            "-92233720368547758070");
    private static final List<String> BLANKS = List.of("", "", "", "", " ", "\n", "\t", "\r\n  ");

    private final RandomGenerator random;

    RandomJson(RandomGenerator random) {
        this.random = random;
    }

    String document() {
        return blank() + value(4) + blank();
    }

    String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0, 1 -> '"' + text() + '"';
            case 2, 3 -> pick(NUMBERS);
            case 4 -> random.nextBoolean() ? "true" : "false";
            case 5 -> "null";
            case 6, 7 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(5); parts > 0; parts--) {
            text.append(pick(TEXTS));
        }
        return text.toString();
    }

    private String array(int depth) {
        StringBuilder array = new StringBuilder("[");
        for (int size = random.nextInt(4), i = 0; i < size; i++) {
            array.append(i == 0 ? "" : ",").append(blank()).append(value(depth)).append(blank());
        }
        return array.append(blank()).append(']').toString();
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int size = random.nextInt(5), i = 0; i < size; i++) {
            object.append(i == 0 ? "" : ",").append(blank());
            object.append('"').append(pick(NAMES)).append('"').append(blank()).append(':');
            object.append(blank()).append(value(depth)).append(blank());
        }
        return object.append(blank()).append('}').toString();
    }

    private String blank() {
        return pick(BLANKS);
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
