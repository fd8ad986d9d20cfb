package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import java.time.Duration;
import java.util.Optional;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final String DATE = "Sun, 22 Nov 2026 10:00:00 GMT";

    private static RetryAfter of(int status, String... headers) {
        return RetryAfter.of(status, LlmHeaders.of(headers), Optional.empty());
    }

    private static RetryAfter told(String message) {
        return RetryAfter.of(
                429, LlmHeaders.empty(), ProviderError.parse(LlmHeaders.empty(), ByteString.encodeUtf8(message)));
    }

    @ParameterizedTest
    @CsvSource({
        "2, PT2S",
        "0, PT0S",
        "1.5, PT1.5S",
        "' 7 ', PT7S",
        "'Sun, 22 Nov 2026 10:00:20 GMT', PT20S",
        "'Sun, 22 Nov 2026 09:59:00 GMT', PT0S",
    })
    void readsSecondsAndDates(String value, Duration expected) {
        RetryAfter found = of(429, "Date", DATE, "Retry-After", value);
        assertThat(found.delay()).contains(expected);
        assertThat(found.source()).isEqualTo("retry-after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5",
                "NaN",
                "Infinity",
                "soon",
                "1e9",
                "1.2.3",
                "99999999999999999999999999",
                "",
                "5 apples",
                "+999999999-12-31T23:59:59Z"
            })
    void takesNothingFromNonsense(String value) {
        assertThat(of(429, "Date", DATE, "Retry-After", value).delay()).isEmpty();
    }

    @Test
    void aDateWithoutTheServersTimeSaysNothing() {
        assertThat(of(429, "Retry-After", "Sun, 22 Nov 2026 10:00:20 GMT").delay())
                .isEmpty();
    }

    @Test
    void millisecondsComeFirst() {
        RetryAfter found = of(429, "retry-after", "2", "retry-after-ms", "1234");
        assertThat(found.delay()).contains(Duration.ofMillis(1234));
        assertThat(found.source()).isEqualTo("retry-after-ms");
    }

    @Test
    void millisecondsRoundedDownToZeroGiveWayToSeconds() {
        assertThat(of(429, "retry-after", "1", "retry-after-ms", "0").delay()).contains(Duration.ofSeconds(1));
        assertThat(of(429, "retry-after-ms", "0").delay()).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 503, 529})
    void isReadWhereItMeansAWait(int status) {
        assertThat(of(status, "retry-after", "2").delay()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 400, 401, 403, 404, 413, 499})
    void isNotReadElsewhere(int status) {
        assertThat(of(status, "retry-after", "2").delay()).isEmpty();
    }

    @Test
    void adviceIsReadAtAnyStatus() {
        assertThat(of(400, "x-should-retry", "false").shouldRetry()).contains(false);
        assertThat(of(529, "x-should-retry", "true").shouldRetry()).contains(true);
        assertThat(of(529, "x-should-retry", "perhaps").shouldRetry()).isEmpty();
        assertThat(of(529).shouldRetry()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Please try again in 1.574s. Visit us.|PT1.574S",
                "Please try again in 7m12s.|PT7M12S",
                "Please try again in 6ms.|PT0.006S",
                "Please retry in 34.4s.|PT34.4S",
                "Please retry after 26 seconds.|PT26S",
                "please try again after 1 seconds|PT1S",
                "Try again in 2 minutes|PT2M",
                "Try again in 3 hours.|PT3H",
                "Try again in 1 day.|PT24H",
                "slow down (reset after 5m)|PT5M",
                "Your quota will reset after 26s.|PT26S",
                "Please wait before trying again. Resets in 12s,|PT12S",
                "Exceeded. Please wait 4567 seconds before retrying.|PT1H16M7S",
            })
    void readsTheMessage(String message, Duration expected) {
        assertThat(told(message).delay()).contains(expected);
        assertThat(told(message).source()).isEqualTo("message");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Try again in ",
                "Try again in a while.",
                "Try again later.",
                "retry after",
                "try again in -3s",
                "please wait a bit"
            })
    void takesNothingFromOtherMessages(String message) {
        assertThat(told(message).delay()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':'draining','retry_after':15}",
                "{'error':{'type':'usage_limit_reached','message':'retry in 9s','resets_in_seconds':15}}",
                "{'error':{'code':'model_cooldown','reset_seconds':15.0}}",
                "{'error':'Model x is currently loading','estimated_time':15.0}",
                "{'error':{'message':'no','metadata':{'retry_after_seconds':'15'}}}",
            })
    void readsTheBody(String body) {
        assertThat(told(body.replace('\'', '"')).delay()).contains(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "null", "'soon'", "{}", "[15]", "1e99", "''", "99999999999"})
    void takesNothingFromABodyThatSaysNoTime(String value) {
        assertThat(told("{'error':{'message':'no','retry_after':%s}}"
                                .formatted(value)
                                .replace('\'', '"'))
                        .delay())
                .isEmpty();
    }

    @Test
    void anErrorWithinASuccessSaysItInItsWords() {
        Optional<ProviderError> error = ProviderError.parse(
                LlmHeaders.empty(), ByteString.encodeUtf8("{\"error\":{\"message\":\"try again in 3s\"}}"));
        assertThat(RetryAfter.of(200, LlmHeaders.of("retry-after", "9"), error).delay())
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void googlesInfoComesBeforeItsMessage() {
        RetryAfter found = told("{\"error\":{\"message\":\"retry in 9s\",\"details\":[{\"retryDelay\":\"34.4s\"}]}}");
        assertThat(found.delay()).contains(Duration.ofMillis(34_400));
        assertThat(found.source()).isEqualTo("body");
    }

    @Test
    void theResetOfWhatIsUsedUpComesLast() {
        RetryAfter found = of(
                429,
                "x-ratelimit-remaining-requests",
                "5",
                "x-ratelimit-reset-requests",
                "1h",
                "x-ratelimit-remaining-tokens",
                "0",
                "x-ratelimit-reset-tokens",
                "1m30.5s");
        assertThat(found.delay()).contains(Duration.ofMillis(90_500));
        assertThat(found.source()).isEqualTo("reset of tokens");
    }

    @Test
    void ofSeveralThatAreUsedUpTheLongestResetCounts() {
        RetryAfter found = of(
                429,
                "x-ratelimit-remaining-tokens",
                "0",
                "x-ratelimit-reset-tokens",
                "2s",
                "x-ratelimit-remaining-requests",
                "0",
                "x-ratelimit-reset-requests",
                "9s",
                "x-ratelimit-remaining-input-images",
                "0");
        assertThat(found.delay()).contains(Duration.ofSeconds(9));
    }
}
