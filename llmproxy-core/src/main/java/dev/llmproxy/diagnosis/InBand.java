package dev.llmproxy.diagnosis;

import java.util.List;
import java.util.Map;

/** The status that an error within an answer of success would have had: its code where that is one, else by its kind. */
final class InBand {
    private static final Map<String, Integer> KINDS = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("badrequesterror", 400),
            Map.entry("invalid_argument", 400),
            Map.entry("validationexception", 400),
            Map.entry("authentication_error", 401),
            Map.entry("unauthenticated", 401),
            Map.entry("permission_error", 403),
            Map.entry("permission_denied", 403),
            Map.entry("not_found_error", 404),
            Map.entry("not_found", 404),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("resource_exhausted", 429),
            Map.entry("rate_limited", 429),
            Map.entry("throttlingexception", 429),
            Map.entry("modelstreamerrorexception", 424),
            Map.entry("api_error", 500),
            Map.entry("server_error", 500),
            Map.entry("internal_server_error", 500),
            Map.entry("internalserverexception", 500),
            Map.entry("internal", 500),
            Map.entry("service_unavailable_error", 503),
            Map.entry("serviceunavailableexception", 503),
            Map.entry("unavailable", 503),
            Map.entry("timeout_error", 504),
            Map.entry("deadline_exceeded", 504),
            Map.entry("overloaded_error", 529));

    private InBand() {}

    /** Returns the status that counts, or 0 where only the kind of the answer is known. */
    static int statusOf(int status, List<String> names) {
        if (status >= 300) {
            return status;
        }
        for (String name : names) {
            int told = name.length() == 3 ? number(name) : KINDS.getOrDefault(name, 0);
            if (told != 0) {
                return told;
            }
        }
        return 0;
    }

    private static int number(String text) {
        int number = (int) Numbers.after("", text);
        return number >= 400 && number < 600 ? number : 0;
    }
}
