package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.cache.CacheKey;
import java.nio.charset.StandardCharsets;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNamesTest {
    private static final KeyNames NAMES = new KeyNames("app", "0badcafe");
    private static final CacheKey KEY = CacheKey.of(ByteString.decodeHex("01".repeat(8) + "02".repeat(32)));

    @Test
    void areHashesOnly() {
        String name = "app:0badcafe:0101010101010101:" + "02".repeat(32);

        assertThat(text(NAMES.entry(KEY))).isEqualTo(name);
        assertThat(text(NAMES.lease(KEY))).isEqualTo(name + ":lease");
        assertThat(text(NAMES.patternOf(KEY.tenant()))).isEqualTo("app:0badcafe:0101010101010101:*");
        assertThat(text(NAMES.patternOfAll())).isEqualTo("app:0badcafe:*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "a?", "a[b]", "a\\b", "{a}", "a b", "caf\u00e9"})
    void prefixesAreNoPatterns(String prefix) {
        assertThatThrownBy(() -> KeyNames.requirePrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix: " + prefix + " (expected: 1 to 64 of letters, digits and . _ - : in ASCII)");
    }

    @Test
    void prefixesAreShort() {
        assertThat(KeyNames.requirePrefix("a".repeat(64))).hasSize(64);
        assertThatThrownBy(() -> KeyNames.requirePrefix("a".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.US_ASCII);
    }
}
