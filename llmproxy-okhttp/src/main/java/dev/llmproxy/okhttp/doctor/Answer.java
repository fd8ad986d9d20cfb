package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What came back for one request of the doctor.
 *
 * @param status the status, 0 without an answer
 * @param headers the headers
 * @param body the body as far as it was read
 * @param whole whether the whole body was read
 * @param fault what the library says of it, where it is a failure
 * @param failure the class of the exception, where there is no answer or no end of it
 * @param took how long it took, to the end of the body
 * @param receivedAt when the headers had come
 */
record Answer(
        int status,
        Headers headers,
        String body,
        boolean whole,
        @Nullable Fault fault,
        String failure,
        Duration took,
        Instant receivedAt) {
    boolean isSuccessful() {
        return status >= 200 && status < 300 && failure.isEmpty();
    }

    String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    /** Returns the headers that tell of limits, and the date that their resets may count from. */
    LlmHeaders limitHeaders() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            if (name.contains("ratelimit") || name.equals("date")) {
                lines.add(name);
                lines.add(headers.value(i));
            }
        }
        return LlmHeaders.of(lines.toArray(String[]::new));
    }

    /** Says in a few words how it ended. */
    String outcome() {
        return status != 0
                ? Integer.toString(status)
                : fault != null ? fault.cause().code() : failure;
    }
}
