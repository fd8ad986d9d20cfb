package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;

/**
 * An answer that may be kept.
 *
 * @param status the HTTP status
 * @param headers those that are the same whenever it is handed out
 * @param bytes its body; not changed any more
 * @param storedAt when it is stored, in milliseconds since 1970
 * @param freshUntil until when it is fresh
 * @param tokens how many tokens it has cost, 0 where that is not known
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing
record NewAnswer(int status, LlmHeaders headers, byte[] bytes, long storedAt, long freshUntil, int tokens) {
    @Override
    public String toString() {
        return status + ", " + bytes.length + " bytes";
    }
}
