package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * What a provider says of sending a refused call again.
 *
 * @param delay how long to wait, or nothing where it is not said
 * @param source where that is said, such as {@code retry-after}; empty where it is not
 * @param shouldRetry what {@code x-should-retry} says, or nothing
 */
public record RetryAfter(Optional<Duration> delay, String source, Optional<Boolean> shouldRetry) {
    /**
     * Checks the parts.
     *
     * @param delay how long to wait
     * @param source where that is said
     * @param shouldRetry what {@code x-should-retry} says
     */
    public RetryAfter {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(shouldRetry, "shouldRetry");
    }

    /**
     * Reads the wait from the first place that tells it: the headers {@code retry-after-ms} and {@code retry-after},
     * a member of the body such as Google's {@code RetryInfo}, the message, and the reset of the limit that is used up. Dates count from the server's
     * own {@code Date}, so that a wrong clock on this side does no harm. Never throws.
     *
     * @param status the HTTP status; a wait is read for 408, 409, 429 and 500 to 599 only, since others send these
     *     headers with another meaning; of an error within a success its own words are
     * @param headers the answer's headers
     * @param error the error that the body tells, or nothing
     * @return what is said
     */
    public static RetryAfter of(int status, LlmHeaders headers, Optional<ProviderError> error) {
        Optional<Boolean> advice = headers.get("x-should-retry").flatMap(RetryAfter::yesOrNo);
        if (status < 300 && error.isPresent()) {
            return ofBody(LlmHeaders.empty(), error, advice);
        }
        if (status != 408 && status != 409 && status != 429 && status < 500) {
            return new RetryAfter(Optional.empty(), "", advice);
        }
        Optional<Duration> millis =
                headers.get("retry-after-ms").flatMap(text -> WaitText.of(text + "ms", Optional.empty()));
        Optional<Duration> seconds = headers.get("retry-after").flatMap(text -> WaitText.of(text, serverTime(headers)));
        // Azure rounds the milliseconds down to zero where the seconds say one.
        if (millis.isPresent() && !(isZero(millis) && seconds.isPresent())) {
            return new RetryAfter(millis, "retry-after-ms", advice);
        }
        if (seconds.isPresent()) {
            return new RetryAfter(seconds, "retry-after", advice);
        }
        return ofBody(headers, error, advice);
    }

    private static RetryAfter ofBody(LlmHeaders headers, Optional<ProviderError> error, Optional<Boolean> advice) {
        Optional<Duration> info = error.flatMap(ProviderError::retryDelay);
        if (info.isPresent()) {
            return new RetryAfter(info, "body", advice);
        }
        Optional<Duration> told = error.flatMap(ProviderError::message).flatMap(WaitText::in);
        if (told.isPresent()) {
            return new RetryAfter(told, "message", advice);
        }
        return RateLimit.in(headers).stream()
                .filter(limit -> limit.isUsedUp() && limit.reset().isPresent())
                .max(Comparator.comparing(limit -> limit.reset().orElse(Duration.ZERO)))
                .map(limit -> new RetryAfter(limit.reset(), "reset of " + limit.name(), advice))
                .orElseGet(() -> new RetryAfter(Optional.empty(), "", advice));
    }

    private static boolean isZero(Optional<Duration> wait) {
        return wait.filter(Duration::isZero).isPresent();
    }

    /**
     * Reads the time at which an answer was sent, by the clock of whoever sent it.
     *
     * @param headers the answer's headers
     * @return the {@code Date}, or nothing where there is none that can be read
     */
    public static Optional<Instant> serverTime(LlmHeaders headers) {
        return headers.get("date").flatMap(WaitText::instant);
    }

    private static Optional<Boolean> yesOrNo(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
