package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.llmproxy.call.LlmHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final String DATE = "Wed, 19 Aug 2026 14:34:00 GMT";

    private static List<RateLimit> in(String... headers) {
        return RateLimit.in(LlmHeaders.of(headers));
    }

    @ParameterizedTest
    @CsvSource({
        "12ms, PT0.012S",
        "1s, PT1S",
        "6m0s, PT6M",
        "1h2m3s, PT1H2M3S",
        "17.399999999s, PT17.399999999S",
        "26ms, PT0.026S",
        "150µs, PT0.00015S",
        "1, PT1S",
        "32.8, PT32.8S",
        "2026-08-19T14:34:11Z, PT11S",
        "2026-08-19T16:34:11+02:00, PT11S",
        "1787150071, PT31S",
        "1787150071000, PT31S",
    })
    void readsEveryFormOfReset(String value, Duration expected) {
        List<RateLimit> found =
                RateLimit.in(LlmHeaders.received(new String[] {"Date", DATE, "x-ratelimit-reset-tokens", value}));
        assertThat(found.get(0).reset()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1x", "1h2", "", "s", "2026-99-99T00:00:00Z", "1.5.2s"})
    void takesNoResetFromNonsense(String value) {
        assertThat(in("Date", DATE, "x-ratelimit-reset-tokens", value).get(0).reset())
                .isEmpty();
    }

    @Test
    void readsWhatOpenAiAndItsFollowersSend() {
        List<RateLimit> found = in(
                "x-ratelimit-limit-requests",
                "500",
                "x-ratelimit-remaining-requests",
                "499",
                "x-ratelimit-reset-requests",
                "120ms",
                "x-ratelimit-limit-tokens",
                "30000",
                "x-ratelimit-remaining-tokens",
                "0");
        assertThat(found)
                .containsExactly(
                        new RateLimit(
                                "requests",
                                RateLimit.Unit.REQUESTS,
                                OptionalLong.of(500),
                                OptionalLong.of(499),
                                Optional.of(Duration.ofMillis(120))),
                        new RateLimit(
                                "tokens",
                                RateLimit.Unit.TOKENS,
                                OptionalLong.of(30_000),
                                OptionalLong.of(0),
                                Optional.empty()));
        assertThat(found).extracting(RateLimit::isUsedUp).containsExactly(false, true);
    }

    @Test
    void readsWhatAnthropicSends() {
        List<RateLimit> found = in(
                "Date",
                DATE,
                "Anthropic-Ratelimit-Input-Tokens-Limit",
                "10000",
                "Anthropic-Ratelimit-Input-Tokens-Remaining",
                "0",
                "Anthropic-Ratelimit-Input-Tokens-Reset",
                "2026-08-19T14:34:12Z");
        assertThat(found)
                .containsExactly(new RateLimit(
                        "input-tokens",
                        RateLimit.Unit.TOKENS,
                        OptionalLong.of(10_000),
                        OptionalLong.of(0),
                        Optional.of(Duration.ofSeconds(12))));
    }

    @Test
    void readsMistralTogetherAndTheDraft() {
        assertThat(in("x-ratelimit-remaining-req-minute", "0", "x-ratelimit-limit-tokens-month", "10000000000"))
                .extracting(RateLimit::name, RateLimit::unit)
                .containsExactly(
                        tuple("req-minute", RateLimit.Unit.REQUESTS), tuple("tokens-month", RateLimit.Unit.TOKENS));
        assertThat(in("x-ratelimit-limit", "2", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1"))
                .singleElement()
                .matches(limit -> limit.name().equals("requests") && limit.isUsedUp());
        assertThat(in("ratelimit-limit", "100, 100;w=60").get(0).limit()).hasValue(100);
        assertThat(in("x-ratelimit-limit-input-images", "5").get(0).unit()).isEqualTo(RateLimit.Unit.OTHER);
    }

    @Test
    void keepsWhatAGatewayCountsApartFromWhatTheProviderCounts() {
        List<RateLimit> found = in(
                "RateLimit-Limit",
                "10",
                "RateLimit-Remaining",
                "0",
                "x-ratelimit-limit-requests",
                "500",
                "x-ratelimit-remaining-requests",
                "499",
                "x-ratelimit-reset-requests",
                "1s",
                "RateLimit-Reset",
                "30");
        assertThat(found)
                .containsExactlyInAnyOrder(
                        new RateLimit(
                                "requests",
                                RateLimit.Unit.REQUESTS,
                                OptionalLong.of(10),
                                OptionalLong.of(0),
                                Optional.of(Duration.ofSeconds(30))),
                        new RateLimit(
                                "requests",
                                RateLimit.Unit.REQUESTS,
                                OptionalLong.of(500),
                                OptionalLong.of(499),
                                Optional.of(Duration.ofSeconds(1))));
    }

    @Test
    void leavesOutWhatItDoesNotKnow() {
        assertThat(in(
                        "x-ratelimit-key",
                        "gpt-5",
                        "x-ratelimit-limit-whatever",
                        "5",
                        "ratelimit-policy",
                        "1",
                        "anthropic-ratelimit-unified-limit",
                        "3",
                        "content-type",
                        "x"))
                .isEmpty();
        assertThat(in("content-type", "application/json")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "-3", "99999999999999999999", ""})
    void takesNoNumberFromNonsense(String value) {
        RateLimit found = in("x-ratelimit-remaining-tokens", value).get(0);
        assertThat(found.remaining()).isEmpty();
        assertThat(found.isUsedUp()).isFalse();
    }
}
