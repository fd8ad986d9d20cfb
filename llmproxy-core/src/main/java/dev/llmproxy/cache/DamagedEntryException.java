package dev.llmproxy.cache;

import java.io.IOException;

/**
 * Thrown by a {@link CacheStore} that has found something under a key which is no answer, or is not as it was put. The store
 * has dropped it, or will; for the call it is a miss.
 */
public final class DamagedEntryException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Constructs the exception.
     *
     * @param message what is wrong, with nothing of what is stored
     */
    public DamagedEntryException(String message) {
        super(message);
    }
}
