package dev.llmproxy.okhttp;

import okhttp3.Response;

/**
 * Hides a {@code Retry-After} from OkHttp that has more digits than an int holds: it looks at that of a 503 (of a 408, too)
 * and throws a NumberFormatException, and the answer is lost. Milliseconds since 1970 are as many.
 */
final class LongWaits {
    private static final String HEADER = "Retry-After";
    private static final int DIGITS_OF_AN_INT = 9;
    // What OkHttp does not take for a number, and no server writes before one.
    private static final char MARK = '+';

    private LongWaits() {}

    /** Returns an answer that OkHttp can look at. */
    static Response hidden(Response response) {
        if (response.isSuccessful()) {
            return response;
        }
        String value = response.header(HEADER);
        return value != null && isLong(value, 0) ? with(MARK + value, response) : response;
    }

    /** Returns the answer as it came. */
    static Response shown(Response response) {
        if (response.isSuccessful()) {
            return response;
        }
        String value = response.header(HEADER);
        return value != null && !value.isEmpty() && value.charAt(0) == MARK && isLong(value, 1)
                ? with(value.substring(1), response)
                : response;
    }

    private static Response with(String value, Response response) {
        return response.newBuilder().header(HEADER, value).build();
    }

    private static boolean isLong(String value, int from) {
        for (int i = from; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return value.length() - from > DIGITS_OF_AN_INT;
    }
}
