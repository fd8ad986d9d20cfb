package dev.llmproxy.dialect;

import java.util.List;
import java.util.random.RandomGenerator;

/** Writes objects at random, most of them valid, with few names, so that some stand twice. */
final class RandomBody {
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "c",
            "\\u0061",
            "\u00e9",
            "\\u00e9",
            "\ud83d\ude00",
            "\ufb33",
            "",
            "model",
            "\\n",
            "\\u000a",
            "d",
            "e",
            "f",
            "g",
            "\\\"",
            "\\\\",
            "\\/",
            "/");
    private static final List<String> TEXTS = List.of(
            "x",
            "Hello, world",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u00e9",
            "\u20ac",
            "\\ud83d\\ude00",
            "\\u001F",
            "\\u007f",
            "{}[],:",
            "a rather long piece of text that nobody reads",
            "\\u0000");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "1.0",
            "10e-1",
            "0.5",
            "100.0",
            "1e5",
            "1E-5",
            "2.5e+10",
            "0e0",
            "9007199254740993",
            "1e21",
            "123456789012345678901234567890",
            "1e999999999",
            "1e-0000000007",
            "1e10000000000",
            "0.00000012");
    private static final List<String> BLANKS = List.of("", "", "", " ", "\n\t");

    private final RandomGenerator random;

    RandomBody(RandomGenerator random) {
        this.random = random;
    }

    String document() {
        String json = blank() + (random.nextInt(50) == 0 ? value(2) : object(4)) + blank();
        return random.nextInt(20) == 0 ? json.substring(random.nextInt(json.length())) : json;
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0, 1 -> '"' + text() + '"';
            case 2 -> pick(NUMBERS);
            case 3 -> pick(NUMBERS.subList(0, 10));
            case 4 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 5 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private String text() {
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
        return array.append(']').toString();
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int size = random.nextInt(5), i = 0; i < size; i++) {
            object.append(i == 0 ? "" : ",").append(blank());
            object.append('"').append(pick(NAMES)).append('"').append(blank()).append(':');
            object.append(blank()).append(value(depth)).append(blank());
        }
        return object.append('}').toString();
    }

    private String blank() {
        return pick(BLANKS);
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
