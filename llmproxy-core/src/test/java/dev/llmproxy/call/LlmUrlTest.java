package dev.llmproxy.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlmUrlTest {
    @Test
    void printsNoQuery() {
        LlmUrl url = LlmUrl.of("https://API.OpenAI.com/v1/models?key=secret");
        assertThat(url).hasToString("https://api.openai.com/v1/models");
        assertThat(url.href()).isEqualTo("https://api.openai.com/v1/models?key=secret");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com, https://api.openai.com",
        "HTTPS://API.openai.com:443/x, https://api.openai.com",
        "http://127.0.0.1:80, http://127.0.0.1",
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "http://[::1]:8080/, http://[::1]:8080",
        "http://[0:0:0:0:0:0:0:1]:8080/, http://[::1]:8080",
        "https://bücher.example, https://xn--bcher-kva.example",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example"
    })
    void oneOriginHasOneForm(String text, String origin) {
        assertThat(LlmUrl.of(text).origin()).hasToString(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.openai.com/v1",
                "ftp://api.openai.com",
                "https:///v1",
                "https://user:secret@api.openai.com/",
                "https://api.openai.com@evil.example/",
                "https://api.openai.com\\@evil.example/",
                "https://api openai.com/",
                "https://[::1",
                "https://api.openai.com:99999/",
                ""
            })
    void refusesWhatIsNotClearlyAnHttpUrlWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> LlmUrl.of(text).origin())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret")
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1, true",
        "http://127.255.0.9, true",
        "http://localhost:11434, true",
        "http://[::1]:1, true",
        "http://127.0.0.1.nip.example, false",
        "http://localhost.example, false",
        "http://0x7f.1, false",
        "http://2130706433, false",
        "http://127.1, false",
        "http://127.0.0.256, false",
        "http://127.0.00.1, false",
        "http://0.0.0.0, false",
        "http://10.0.0.1, false",
        "http://[::ffff:10.0.0.1]:80, false",
        "http://[::ffff:7f00:1]:80, true"
    })
    void knowsLoopbackByItsLiteralsOnly(String text, boolean loopback) {
        assertThat(LlmUrl.of(text).origin().isLoopback()).isEqualTo(loopback);
    }

    @Test
    void changesPathAndQueryOnly() {
        LlmUrl url = LlmUrl.of("https://api.openai.com/v1/a?x=1");
        assertThat(url.withPath("/v1/b").href()).isEqualTo("https://api.openai.com/v1/b?x=1");
        assertThat(url.withQuery(null).href()).isEqualTo("https://api.openai.com/v1/a");
    }
}
