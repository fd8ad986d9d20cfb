package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;

/**
 * An error as a provider tells it. Its texts come from outside: each is one line of at most 300 characters, and what
 * looks like a key is taken out.
 */
public final class ProviderError {
    private final Map<ErrorField, String> fields;

    private ProviderError(Map<ErrorField, String> fields) {
        fields.replaceAll(ErrorField::clean);
        this.fields = fields;
    }

    /**
     * Reads the error that a body tells, in any of the shapes that providers use: JSON, a text, or an event of a stream.
     * Never throws.
     *
     * @param headers the answer's headers
     * @param body the decoded body, or one event of a stream; at most the first 64 KiB are looked at
     * @return the error, or nothing where none is told: in a healthy answer, an empty body, a page of HTML
     */
    public static Optional<ProviderError> parse(LlmHeaders headers, ByteString body) {
        Buffer beginning = Framing.beginning(body);
        ErrorFields found = switch (Framing.of(body)) {
            case JSON -> ErrorFields.of(beginning);
            case EVENTS -> ofEvents(new FirstEvents(beginning.readUtf8()));
            case TEXT -> ErrorFields.ofText(beginning.readUtf8());
            case HTML, BINARY -> new ErrorFields();
        };
        found.complete(headers);
        return found.isError() ? Optional.of(new ProviderError(found.values())) : Optional.empty();
    }

    private static ErrorFields ofEvents(FirstEvents events) {
        ErrorFields found = new ErrorFields();
        while (!found.isError() && events.next()) {
            found = ErrorFields.of(new Buffer().writeUtf8(events.data()));
        }
        return found;
    }

    /**
     * Returns the kind of the error.
     *
     * @return such as {@code rate_limit_error} or {@code ValidationException}
     */
    public Optional<String> type() {
        return get(ErrorField.TYPE);
    }

    /**
     * Returns the code of the error.
     *
     * @return such as {@code invalid_api_key}, or a number as text
     */
    public Optional<String> code() {
        return get(ErrorField.CODE);
    }

    /**
     * Returns the code within the code.
     *
     * @return Azure's {@code innererror.code}, Anthropic's {@code details.error_code}
     */
    public Optional<String> detailCode() {
        return get(ErrorField.DETAIL_CODE);
    }

    /**
     * Returns Google's name of the status.
     *
     * @return such as {@code RESOURCE_EXHAUSTED}
     */
    public Optional<String> status() {
        return get(ErrorField.STATUS);
    }

    /**
     * Returns Google's reason.
     *
     * @return such as {@code API_KEY_INVALID}
     */
    public Optional<String> reason() {
        return get(ErrorField.REASON);
    }

    /**
     * Returns the part of the request that was refused.
     *
     * @return such as {@code messages[3]}
     */
    public Optional<String> param() {
        return get(ErrorField.PARAM);
    }

    /**
     * Returns the message.
     *
     * @return the text for humans
     */
    public Optional<String> message() {
        return get(ErrorField.MESSAGE);
    }

    /**
     * Returns who failed behind a router such as OpenRouter.
     *
     * @return the name of the provider
     */
    public Optional<String> provider() {
        return get(ErrorField.PROVIDER);
    }

    /**
     * Returns what that provider said.
     *
     * @return its own message or body
     */
    public Optional<String> raw() {
        return get(ErrorField.RAW);
    }

    /**
     * Returns which of Google's quotas is used up.
     *
     * @return such as {@code GenerateRequestsPerDayPerProjectPerModel-FreeTier}
     */
    public Optional<String> quotaId() {
        return get(ErrorField.QUOTA_ID);
    }

    /**
     * Returns how long to wait as a member of the body says it; the headers and the message have their own ways.
     *
     * @return the wait
     */
    public Optional<Duration> retryDelay() {
        return get(ErrorField.RETRY_DELAY).flatMap(ProviderError::duration);
    }

    // As protobuf writes it: 34.4s. What is no such time is no wait, and neither are centuries.
    private static Optional<Duration> duration(String text) {
        try {
            return Optional.of(Duration.parse("PT" + text))
                    .filter(delay -> !delay.isNegative() && delay.compareTo(WaitText.LONGEST) <= 0);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the id that the provider knows the call by, of the body or else of the headers.
     *
     * @return the id
     */
    public Optional<String> requestId() {
        return get(ErrorField.REQUEST_ID);
    }

    private Optional<String> get(ErrorField field) {
        return Optional.ofNullable(fields.get(field));
    }

    /** Returns what is told. */
    @Override
    public String toString() {
        return "ProviderError" + fields;
    }
}
