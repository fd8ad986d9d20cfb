package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;
import org.junit.jupiter.api.Test;

class LeanJsonTest {
    private static final String LONG = "x".repeat(257);

    @Test
    void textOfUsualSizePassesUnchanged() throws IOException {
        String json = "{\"a\": [1, -2.5e+3, true, null], \"b\\\\\\\"c\": {\"d\": \"" + "y".repeat(254) + "\"}}\n";

        assertThat(lean(json)).isEqualTo(json);
    }

    @Test
    void longStringsComeEmpty() throws IOException {
        assertThat(lean("{\"a\":\"" + LONG + "\",\"" + LONG + "\":1}")).isEqualTo("{\"a\":\"\",\"\":1}");
        assertThat(lean("[\"" + "\\\"".repeat(200) + "\",2]")).isEqualTo("[\"\",2]");
        assertThat(lean("[\"" + "\\\\".repeat(200) + "\",2]")).isEqualTo("[\"\",2]");
    }

    @Test
    void longRunsOfBlanksComeAsOne() throws IOException {
        assertThat(lean("[1," + "\n".repeat(300) + "2]")).isEqualTo("[1,\n2]");
    }

    @Test
    void aLongStringThatDoesNotEndDoesNotEnd() throws IOException {
        assertThat(lean("[\"" + LONG)).startsWith("[\"").doesNotContain("]").hasSizeLessThan(5);
    }

    @Test
    void numbersOfUpTo64CharactersPass() throws IOException {
        String json = "[" + "1".repeat(64) + "]";

        assertThat(lean(json)).isEqualTo(json);
        assertThatThrownBy(() -> lean("[" + "1".repeat(65) + "]"))
                .isInstanceOf(IOException.class)
                .hasMessage("JSON: a number of over 64 characters");
    }

    @Test
    void textMayNestUpTo200Deep() throws IOException {
        String json = "[".repeat(200) + "]".repeat(200) + "[{}]";

        assertThat(lean(json)).isEqualTo(json);
        assertThatThrownBy(() -> lean("[".repeat(201)))
                .isInstanceOf(IOException.class)
                .hasMessage("JSON: nested deeper than 200");
    }

    @Test
    void whatStandsBeforeARefusedPlaceIsHandedOver() throws IOException {
        BufferedSource source = Okio.buffer(new LeanJson(ByteString.encodeUtf8("[1," + "2".repeat(65))));

        assertThat(source.readUtf8(3)).isEqualTo("[1,");
    }

    @Test
    void bordersBetweenPiecesDoNotMatter() throws IOException {
        Random random = new Random(1);
        StringBuilder json = new StringBuilder("[");
        StringBuilder expected = new StringBuilder("[");
        for (int i = 0; i < 2000; i++) {
            String text = "\\\"a".repeat(random.nextInt(300));
            json.append('"').append(text).append("\",").append(i).append(',');
            expected.append('"')
                    .append(text.length() + 2 > 256 ? "" : text)
                    .append("\",")
                    .append(i)
                    .append(',');
        }

        // Read in pieces, as a body comes that is too large for one.
        ByteString pieces = new Buffer().writeUtf8(json.toString()).snapshot();
        assertThat(Okio.buffer(new LeanJson(pieces)).readUtf8()).isEqualTo(expected.toString());
    }

    private static String lean(String json) throws IOException {
        return Okio.buffer(new LeanJson(ByteString.encodeUtf8(json))).readUtf8();
    }
}
