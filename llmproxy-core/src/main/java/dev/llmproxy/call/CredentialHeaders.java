package dev.llmproxy.call;

import java.util.ArrayList;
import java.util.List;

/** Where providers expect a key. */
public final class CredentialHeaders {
    /** The names of the headers that carry a key, of all known providers. */
    public static final List<String> NAMES = List.of("Authorization", "x-api-key", "api-key", "x-goog-api-key");

    /** The name of the query parameter that carries a key at Google. */
    public static final String QUERY_PARAMETER = "key";

    private CredentialHeaders() {}

    /**
     * Says whether a header carries a key.
     *
     * @param name the name of the header, in any case
     * @return whether it is one of {@link #NAMES}
     */
    public static boolean isOne(String name) {
        for (int i = 0; i < NAMES.size(); i++) {
            if (NAMES.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Says whether a request carries a key.
     *
     * @param request the request
     * @return whether one of the headers or the query parameter is there
     */
    public static boolean in(LlmRequest request) {
        for (String name : NAMES) {
            if (request.headers().contains(name)) {
                return true;
            }
        }
        return request.url().query().filter(CredentialHeaders::hasKey).isPresent();
    }

    /**
     * Returns the keys in the headers of a request, without the name of the scheme that may stand before one.
     *
     * @param headers the headers
     * @return the keys
     */
    public static List<Secret> keysIn(LlmHeaders headers) {
        List<Secret> keys = new ArrayList<>();
        for (String name : NAMES) {
            for (String value : headers.all(name)) {
                keys.add(Secret.of(value.substring(value.lastIndexOf(' ') + 1)));
            }
        }
        return keys;
    }

    /**
     * Takes everything out of a request that was meant for its former host alone: keys, cookies, the name of the host.
     *
     * @param request the request, at its new URL
     * @return the request without them
     */
    public static LlmRequest without(LlmRequest request) {
        LlmHeaders headers = request.headers();
        for (String name : NAMES) {
            headers = headers.without(name);
        }
        headers = headers.without("Cookie").without("Proxy-Authorization").without("Host");
        return request.toBuilder()
                .headers(headers)
                .url(request.url().withoutParameter(QUERY_PARAMETER))
                .build();
    }

    private static boolean hasKey(String query) {
        return query.startsWith(QUERY_PARAMETER + "=") || query.contains("&" + QUERY_PARAMETER + "=");
    }
}
