package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoedKeyTest {
    private static final String KEY = "team-0a1B2c3D4e5F6g7H";

    private static String without(String text) {
        return new EchoedKey(KEY).without(ByteString.encodeUtf8(text)).utf8();
    }

    private static String each(String format) {
        return KEY.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itIsTakenOutInEverySpelling() {
        assertThat(without("<" + KEY + ">")).isEqualTo("<***>");
        assertThat(without("<" + KEY.toUpperCase(Locale.ROOT) + ">")).isEqualTo("<***>");
        assertThat(without("<" + KEY.replace("-", "%2D") + ">")).isEqualTo("<***>");
        assertThat(without("<" + KEY.replace("-", "%2d") + ">")).isEqualTo("<***>");
        assertThat(without("<" + KEY.replace("-", "&#45;") + ">")).isEqualTo("<***>");
        assertThat(without("<" + each("%%%02X") + ">")).isEqualTo("<***>");
        assertThat(without("<" + each("\\u%04x") + ">")).isEqualTo("<***>");
        assertThat(without("<" + each("\\\\u%04X") + ">")).isEqualTo("<***>");
        assertThat(without("<" + each("&#x%x;") + ">")).isEqualTo("<***>");
        assertThat(without("<" + each("%02x") + ">")).isEqualTo("<***>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u:", "me:", "you:", "Bearer "})
    void itIsTakenOutOfBase64(String before) {
        String bare = without("<" + base64(before + KEY) + ">");
        assertThat(bare).contains("***");
        // What is left holds no more than two characters of it.
        assertThat(bare.length()).isLessThanOrEqualTo(12 + base64(before).length());
    }

    @Test
    void itIsKnownWithoutItsBeginning() {
        assertThat(without("ends with 0a1B2c3D4e5F6g7H")).isEqualTo("ends with ***");
    }

    @Test
    void whereItIsNotABodyStaysAsItIs() {
        ByteString body = ByteString.decodeHex("ff00fe25");
        assertThat(new EchoedKey(KEY).without(body)).isSameAs(body);
        for (String odd : new String[] {"%", "%2", "\\", "\\u00", "&#", "&#;", "&#x;", "&#99999999;", "team-", ""}) {
            assertThat(without(odd)).isEqualTo(odd);
        }
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(strings = {"\\", "&#", "%", "team-0a1B2c3D4e5F6g7"})
    void whatOnlyBeginsLikeItTakesNoTime(String part) {
        String many = part.repeat(60_000 / part.length());
        assertThat(without(many)).isEqualTo(many);
    }
}
