package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Attempt;
import java.util.List;
import java.util.Locale;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Says what speaks against keeping an answer that is whole and in order. */
final class Admission {
    private static final List<ByteString> BLANK_LINES =
            List.of(ByteString.encodeUtf8("\n\n"), ByteString.encodeUtf8("\r\n\r\n"), ByteString.encodeUtf8("\r\r"));
    private static final int NO_CONTENT = 204;
    private static final int PARTIAL_CONTENT = 206;

    private Admission() {}

    /**
     * Returns why an answer is not kept.
     *
     * @param asked the request that it is kept for
     * @param attempt what was sent for it
     * @param status the HTTP status
     * @param headers the headers as they came
     * @return a few words, or null where nothing speaks against it
     */
    static @Nullable String refusal(LlmRequest asked, Attempt attempt, int status, LlmHeaders headers) {
        if (status < 200 || status > 299 || status == NO_CONTENT || status == PARTIAL_CONTENT) {
            return "status " + status;
        }
        if (isNotToBeStored(headers)) {
            return "no-store in its headers";
        }
        if (headers.contains("Content-Encoding")) {
            return "encoded, so that it was not looked at";
        }
        return attempt.isSameModel() ? difference(asked, attempt) : "answered by another model";
    }

    /**
     * Returns how what was sent differs from what the key was made of. Its answer, and its refusal, is not one to the key.
     *
     * @param asked the request that the key was made of
     * @param attempt what was sent for it
     * @return a few words, or null where it does not
     */
    static @Nullable String difference(LlmRequest asked, Attempt attempt) {
        if (attempt.sending().isResigned()) {
            return "sent with another credential";
        }
        if (!asked.body().map(attempt.sending()::isOf).orElse(false)
                || attempt.sending().isMoved()
                || attempt.sending().alteration().isPresent()) {
            return "another request was sent";
        }
        return null;
    }

    /**
     * Says whether a stream of events lacks the blank line behind its last one. All that matters has arrived, but a client
     * may drop an event that is not closed, and the next one is not to depend on that.
     */
    static boolean isCutBehindItsEnd(LlmHeaders headers, ByteString body) {
        return ReplayedHeaders.areOf(headers, "text/event-stream")
                && BLANK_LINES.stream().noneMatch(body::endsWith);
    }

    private static boolean isNotToBeStored(LlmHeaders headers) {
        for (String value : headers.all("Cache-Control")) {
            for (String directive : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (directive.strip().equals("no-store")) {
                    return true;
                }
            }
        }
        return false;
    }
}
