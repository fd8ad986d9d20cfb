package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import java.util.Objects;
import okio.ByteString;

/**
 * An answer as it is kept: complete, and looked at before. Immutable.
 *
 * @param status the HTTP status
 * @param headers the headers that are the same whenever it is handed out
 * @param body the bytes of the body, as they were handed to the application; of a stream with its events as they came
 * @param storedAt when it was stored, in milliseconds since 1970
 * @param freshUntil until when it may be handed out without a reason, in milliseconds since 1970
 */
public record CachedAnswer(int status, LlmHeaders headers, ByteString body, long storedAt, long freshUntil) {
    /**
     * Constructs the answer.
     *
     * @param status the HTTP status
     * @param headers the headers
     * @param body the bytes of the body
     * @param storedAt when it was stored
     * @param freshUntil until when it is fresh
     */
    public CachedAnswer {
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(body, "body");
    }

    /** Returns the status and the length of the body, and nothing of the answer. */
    @Override
    public String toString() {
        return status + ", " + body.size() + " bytes";
    }
}
