package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import okio.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "</script><script>alert(1)</script>",
                "<!--<script>",
                "]]>",
                "\u2028\u2029",
                "\u202e\u2066\u200b\ufeff",
                "\u0085\u007f",
                "a & b > c",
                "\ud83d\ude00"
            })
    void jsonStaysWhatItIsAndEndsNoElement(String text) throws IOException {
        String safe = Escapes.json("\"" + text + "\"");
        assertThat(safe)
                .doesNotContain("<", ">", "&", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\u0085");
        assertThat(JsonReader.of(new Buffer().writeUtf8(safe)).nextString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<img src=x onerror=alert(1)>", "\" onload=\"alert(1)", "' onload='alert(1)", "</pre><b>"})
    void markupBecomesText(String text) {
        assertThat(Escapes.html(text)).doesNotContain("<", ">", "\"", "'");
    }
}
