package dev.llmproxy.call;

import java.io.IOException;

/** Thrown when a request body does not fit the memory that is set aside for it. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(long bytes) {
        super("request body: " + bytes + " bytes or more (expected: at most " + LlmBody.MAX_BYTES_IN_MEMORY + ")");
    }
}
