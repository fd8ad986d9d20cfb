package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlmHeadersTest {
    private final LlmHeaders headers = LlmHeaders.of("Accept", "a", "X-One", "1", "accept", "b");

    @Test
    void findsNamesInAnyCaseAndTheLastValueFirst() {
        assertThat(headers.get("ACCEPT")).hasValue("b");
        assertThat(headers.all("accept")).containsExactly("a", "b");
        assertThat(headers.get("x-two")).isEmpty();
    }

    @Test
    void withReplacesEveryValueAndPlusKeepsThem() {
        assertThat(headers.with("Accept", "c").all("accept")).containsExactly("c");
        assertThat(headers.plus("Accept", "c").all("accept")).containsExactly("a", "b", "c");
    }

    @Test
    void keepsTheOrderOfWhatStays() {
        LlmHeaders changed = headers.without("x-one");
        assertThat(changed.size()).isEqualTo(2);
        assertThat(changed.name(1)).isEqualTo("accept");
    }

    @Test
    void dropsNamesByPrefixInAnyCase() {
        LlmHeaders mixed = LlmHeaders.of("x-llmproxy-Tenant", "acme", "Accept", "a", "X-LlmProxy-Cache", "bypass");
        assertThat(mixed.withoutPrefix("X-LlmProxy-")).isEqualTo(LlmHeaders.of("Accept", "a"));
        assertThat(headers.withoutPrefix("X-LlmProxy-")).isSameAs(headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "ä", "a\nb", "(a)", "a\u0000"})
    void refusesNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> LlmHeaders.of(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a token of RFC 9110");
    }

    @Test
    void refusesEveryControlCharacterAndEverythingOutsideAsciiInValuesWithoutShowingThem() {
        for (int c = 0; c <= 0xFFFF; c++) {
            boolean harmless = c == '\t' || (c >= ' ' && c <= '~');
            String value = "secret-" + (char) c;
            if (harmless) {
                assertThat(LlmHeaders.of("X-Key", value).get("X-Key")).hasValue(value);
                continue;
            }
            assertThatThrownBy(() -> headers.with("X-Key", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(String.format("X-Key: U+%04X at 7 (expected: printable ASCII)", c));
        }
    }

    @Test
    void refusesANameWithoutValue() {
        assertThatThrownBy(() -> LlmHeaders.of("Accept"))
                .hasMessage("namesAndValues: 1 strings (expected: a value for each name)");
    }

    @Test
    void keepsWhatAServerSentAsItIs() {
        assertThat(LlmHeaders.received(new String[] {"X-Name", "Grüße"}).get("x-name"))
                .hasValue("Grüße");
    }

    @Test
    void printsNamesOnly() {
        assertThat(LlmHeaders.of("Authorization", "Bearer secret", "Accept", "a"))
                .hasToString("[accept, authorization]");
    }
}
