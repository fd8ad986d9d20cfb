package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okio.ByteString;

/**
 * What was observed of the answer of an attempt that failed. Immutable. Holds the beginning of an error answer, which no
 * fault may quote unread.
 */
public final class AnswerEvidence {
    private final int status;
    private final LlmHeaders headers;
    private final ByteString body;
    private final Attempt attempt;
    private final LlmRequest request;
    private final Instant receivedAt;
    private final long bytesReceived;
    private final boolean stream;
    private final Optional<String> streamError;

    AnswerEvidence(CallContext call, Attempt attempt, int status, LlmHeaders headers, ByteString body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.attempt = attempt;
        this.request = call.request();
        this.receivedAt = call.ticker().now();
        this.bytesReceived = attempt.bytesReceived();
        this.stream = attempt.isStream();
        this.streamError = attempt.streamError();
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status, or 0 where there was no answer
     */
    public int status() {
        return status;
    }

    /**
     * Returns the headers of the answer.
     *
     * @return the headers, empty where there was no answer
     */
    public LlmHeaders headers() {
        return headers;
    }

    /**
     * Returns how the body of an error answer begins.
     *
     * @return at most the first 64 KiB, decoded
     */
    public ByteString body() {
        return body;
    }

    /**
     * Returns how the body of an error answer begins, without the keys that were sent, which it may echo.
     *
     * @return at most the first 64 KiB, decoded
     */
    public ByteString bodyWithoutKeys() {
        return Echo.without(attempt.signature(), request.headers(), body);
    }

    /**
     * Returns a text of the answer without the keys that were sent, which its headers may echo, too.
     *
     * @param text a header, or a part of one
     * @return the text, with three asterisks in place of each key
     */
    public String withoutKeys(String text) {
        return Echo.without(attempt.signature(), request.headers(), ByteString.encodeUtf8(text))
                .utf8();
    }

    /**
     * Returns a text of the answer without what the request says too: a provider's message may quote the prompt.
     *
     * @param text a message, or a part of one
     * @return the text, with three asterisks in place of each stretch that came from the request
     */
    public String withoutPrompt(String text) {
        return attempt.withoutPrompt(request, text);
    }

    /**
     * Returns how much of the answer's body had arrived.
     *
     * @return the number of decoded bytes
     */
    public long bytesReceived() {
        return bytesReceived;
    }

    /**
     * Returns the declared length of the answer's body on the wire.
     *
     * @return the number of bytes, or -1
     */
    public long declaredLength() {
        return attempt.framing().declaredLength();
    }

    /**
     * Says whether the answer's body came in chunks.
     *
     * @return whether it did
     */
    public boolean chunked() {
        return attempt.framing().chunked();
    }

    /**
     * Returns the count of the answer's body as it came over the wire.
     *
     * @return the count
     */
    public WireCount wire() {
        return attempt.wire();
    }

    /**
     * Says whether the answer is a stream of events.
     *
     * @return whether its content type is one of a stream
     */
    public boolean isStream() {
        return stream;
    }

    /**
     * Returns the code with which the peer reset the HTTP/2 stream.
     *
     * @return the code, or nothing
     */
    public Optional<String> streamError() {
        return streamError;
    }

    /**
     * Returns by how much the clock of this machine is ahead of the peer's, as the answer's {@code Date} tells it.
     *
     * @return the difference, negative where this clock is behind; nothing where the answer has no date
     */
    public Optional<Duration> clockAhead() {
        return RetryAfter.serverTime(headers).map(theirs -> Duration.between(theirs, receivedAt));
    }

    /** Returns the status and how much has come. */
    @Override
    public String toString() {
        return "answer " + status + ", " + bytesReceived + " bytes";
    }
}
