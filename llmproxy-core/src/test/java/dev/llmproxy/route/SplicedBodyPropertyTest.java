package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a body says: its model is another one afterwards, and every other byte is what it was. */
class SplicedBodyPropertyTest {
    private static final String MARK = "\0";
    private static final List<String> MODELS = List.of("gpt-4o", "m", "é€\ud83d\ude00", "a\\b\"c", "x".repeat(200));
    private static final List<String> TEXTS = List.of(
            "model",
            "\\\"model\\\":\\\"x\\\"",
            "\\u006d\\u006f",
            "\\ud83d\\ude00",
            "\\ud83d",
            "é€😀",
            "{\\\"",
            "}]",
            "\\\\",
            "\\/");
    private static final List<String> BLANKS = List.of("", "", " ", "\n\t", "\r\n ");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingIsChangedButTheModel(long seed) throws IOException {
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            String model = MODELS.get(random.nextInt(MODELS.size()));
            // The one place of the model is marked, and filled in afterwards.
            String form = object(random, random.nextInt(20) == 0 ? 40_000 : 30);
            String before = form.replace(MARK, written(random, model));
            LlmBody body = bodyOf(random, before);
            ModelScan scan = new ModelScan();
            scan.scan(body.bytes(), new byte[0]);
            assertThat(scan.error()).as(before).isNull();
            assertThat(scan.isAmbiguous()).isFalse();
            assertThat(scan.model()).isEqualTo(model);

            String to = MODELS.get(random.nextInt(MODELS.size()));
            LlmBody spliced = new SplicedBody(body, body.bytes(), scan.places(), ModelName.inJson("", to));
            Buffer written = new Buffer();
            spliced.writeTo(written);
            assertThat(spliced.length()).isEqualTo(written.size());
            String expected = form.replace(MARK, ModelName.inJson("", to).utf8());
            assertThat(written.snapshot().equals(ByteString.encodeUtf8(expected)))
                    .as(expected)
                    .isTrue();
            assertThat(modelIn(spliced.bytes())).isEqualTo(to);
        }
    }

    @Test
    void everyPlaceOfAModelThatIsKnownIsFound() throws IOException {
        StringBuilder form = new StringBuilder("{\"requests\":[");
        for (int i = 0; i < 20_000; i++) {
            form.append(i == 0 ? "" : ",")
                    .append("{\"content\":{\"model\":\"models/a\"},\"model\":\"")
                    .append(i % 3 == 0 ? "models/b" : MARK)
                    .append("\"}");
        }
        form.append("]}");
        LlmBody body = LlmBody.of(ByteString.encodeUtf8(form.toString().replace(MARK, "models/a")), "application/json");
        ModelScan scan = new ModelScan();
        scan.scan(body.bytes(), "models/a".getBytes(StandardCharsets.UTF_8));
        LlmBody spliced = new SplicedBody(body, body.bytes(), scan.places(), ModelName.inJson("models/", "other"));
        assertThat(spliced.bytes().utf8()).isEqualTo(form.toString().replace(MARK, "models/other"));
    }

    // Also in one array, and in segments of all sizes.
    private static LlmBody bodyOf(RandomGenerator random, String text) {
        ByteString bytes = ByteString.encodeUtf8(text);
        if (random.nextBoolean()) {
            return LlmBody.of(bytes, "application/json");
        }
        Buffer segments = new Buffer();
        int at = 0;
        while (at < bytes.size()) {
            int length = Math.min(bytes.size() - at, 1 + random.nextInt(10_000));
            segments.write(new Buffer().write(bytes, at, length), length);
            at += length;
        }
        return LlmBody.of(segments.readByteString(), "application/json");
    }

    // A pair is escaped whole or not at all.
    private static String written(RandomGenerator random, String model) {
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < model.length(); i++) {
            char c = model.charAt(i);
            if (!Character.isSurrogate(c) && random.nextInt(4) == 0) {
                written.append(String.format("\\u%04x", (int) c));
            } else {
                written.append(c == '"' || c == '\\' ? "\\" + c : String.valueOf(c));
            }
        }
        return written.toString();
    }

    private static String object(RandomGenerator random, int texts) {
        List<String> members = new ArrayList<>();
        String name = random.nextInt(3) == 0 ? "m\\u006fdel" : "model";
        members.add('"' + name + '"' + blank(random) + ":" + blank(random) + '"' + MARK + '"');
        for (int i = random.nextInt(6); i > 0; i--) {
            members.add("\"k" + i + "\":" + value(random, 3, texts));
        }
        Collections.shuffle(members, new Random(random.nextLong()));
        return blank(random) + "{" + String.join(blank(random) + "," + blank(random), members) + "}" + blank(random);
    }

    private static String value(RandomGenerator random, int depth, int texts) {
        return switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> "-1.5e3";
            case 1 -> "null";
            case 2 -> '"' + text(random, texts) + '"';
            case 3 -> "[" + value(random, depth - 1, texts) + "," + value(random, depth - 1, 3) + "]";
            default ->
                "{\"model\":" + value(random, depth - 1, texts) + ",\"requests\":[{\"model\":\"x\"}],\""
                        + text(random, 2) + "y\":" + value(random, depth - 1, 3) + "}";
        };
    }

    private static String text(RandomGenerator random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(TEXTS.get(random.nextInt(TEXTS.size())));
        }
        return text.toString();
    }

    private static String blank(RandomGenerator random) {
        return BLANKS.get(random.nextInt(BLANKS.size()));
    }

    private static @Nullable Object modelIn(ByteString body) throws IOException {
        try (JsonReader reader = JsonReader.of(new Buffer().write(body))) {
            return ((Map<?, ?>) reader.readJsonValue()).get("model");
        }
    }
}
