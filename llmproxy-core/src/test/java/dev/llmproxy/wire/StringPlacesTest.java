package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import okio.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringPlacesTest {
    private static final Paths PATHS =
            Paths.builder().add("model", 0).add("requests[].model", 1).build();

    private static final String DOCUMENT = """
            {"a":"\\u0041\\"", "mod\\u0065l" : "gpt\\u002d4o\\"\\\\", "b":{"model":"inner"},
             "requests":[{"model":""},{"x":1,"model":"\u00e9\u20ac"},{"model":7}, {"model":"\\ud83d\\ude00"}],
             "c":[12,"model",null]}""";

    /** Keeps where each string lies, and what it says. */
    private static final class Places implements JsonValues {
        private final JsonScanner scanner = new JsonScanner(PATHS, this);
        private final Buffer text = new Buffer();
        private final List<String> texts = new ArrayList<>();
        private final List<String> written = new ArrayList<>();
        private byte[] document = {};

        void scan(byte[] bytes, int piece) {
            document = bytes;
            scanner.reset();
            for (int i = 0; i < bytes.length; i += piece) {
                // Each piece in an array of its own, and not at its beginning.
                byte[] data = new byte[piece + 7];
                int length = Math.min(piece, bytes.length - i);
                System.arraycopy(bytes, i, data, i % 7, length);
                scanner.feed(data, i % 7, i % 7 + length);
            }
            scanner.end();
        }

        @Override
        public void string(int field, byte[] utf8, int from, int to) {
            text.write(utf8, from, to - from);
        }

        @Override
        public void stringEnd(int field) {
            texts.add(text.readUtf8());
            int from = (int) scanner.stringStart();
            int to = (int) scanner.stringEnd();
            assertThat(document[from - 1]).isEqualTo((byte) '"');
            assertThat(document[to]).isEqualTo((byte) '"');
            written.add(new String(Arrays.copyOfRange(document, from, to), StandardCharsets.UTF_8));
        }
    }

    private static String unescaped(String written) throws IOException {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8("[\"" + written + "\"]"))) {
            reader.beginArray();
            return reader.nextString();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 13, 64, 4096})
    void aStringLiesWhereItIsWrittenHoweverTheDocumentIsCut(int piece) throws IOException {
        Places places = new Places();
        places.scan(DOCUMENT.getBytes(StandardCharsets.UTF_8), piece);
        places.scan(DOCUMENT.getBytes(StandardCharsets.UTF_8), piece);
        assertThat(places.scanner.complete()).isTrue();
        assertThat(places.texts.subList(0, 4))
                .containsExactly("gpt-4o\"\\", "", "\u00e9\u20ac", "\ud83d\ude00")
                .isEqualTo(places.texts.subList(4, 8));
        for (int i = 0; i < places.texts.size(); i++) {
            assertThat(unescaped(places.written.get(i))).isEqualTo(places.texts.get(i));
        }
    }
}
