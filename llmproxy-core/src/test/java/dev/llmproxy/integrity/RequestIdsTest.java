package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"x-request-id", "Apim-Request-Id", "x-ds-trace-id", "inference-id"})
    void eachProviderHasANameForIt(String name) {
        assertThat(RequestIds.in(LlmHeaders.of(name, "r1", "server", "s"))).isEqualTo("r1");
    }

    @Test
    void theIdOfTheRequestComesBeforeThatOfTheAnswer() {
        assertThat(RequestIds.in(LlmHeaders.of("inference-id", "c1", "x-request-id", "r1")))
                .isEqualTo("r1");
        assertThat(RequestIds.in(LlmHeaders.of("server", "s"))).isEmpty();
    }
}
