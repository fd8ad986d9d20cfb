package dev.llmproxy.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where providers expect a key. */
public final class CredentialHeaders {
    /** The names of the headers that carry a key, of all known providers. */
    public static final List<String> NAMES = List.of("Authorization", "x-api-key", "api-key", "x-goog-api-key");

    /** The name of the query parameter that carries a key at Google. */
    public static final String QUERY_PARAMETER = "key";

    private static final String BEARER = "Bearer ";

    // Of gateways and of an application's own: what may be a key does not go to a host that it was not meant for.
    private static final List<String> PARTS = List.of(
            "authorization",
            "access-token",
            "auth-token",
            "security-token",
            "api-key",
            "api-token",
            "apikey",
            "subscription-key",
            "virtual-key",
            "x-bf-vk",
            "secret",
            "password");

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
     * Says whether two requests carry the same credential: in a header that may carry a key, or in a cookie, or in the
     * query.
     *
     * @param one a request
     * @param other another one
     * @return whether all these are equal
     */
    public static boolean areSame(LlmRequest one, LlmRequest other) {
        return linesOf(one.headers()).equals(linesOf(other.headers()))
                && one.url().query().equals(other.url().query());
    }

    private static List<String> linesOf(LlmHeaders headers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0, size = headers.size(); i < size; i++) {
            String name = headers.name(i);
            if (mayBeKey(name) || name.equalsIgnoreCase("Cookie")) {
                lines.add(name.toLowerCase(Locale.ROOT));
                lines.add(headers.value(i));
            }
        }
        return lines;
    }

    /**
     * Returns what is wrong with the form of a key: characters that no key has, a scheme that is added anyhow, a
     * placeholder.
     *
     * @param key the key
     * @return the problem, with positions and lengths and no character of the key; nothing where it may be one
     */
    public static Optional<String> problemOf(String key) {
        return Optional.ofNullable(KeyCheck.problemOf(key));
    }

    /**
     * Returns what is wrong with the form of a key that a request carries in one of {@link #NAMES}. Signatures and other
     * schemes than {@code Bearer} are not looked at.
     *
     * @param headers the headers of the request
     * @return the name of the header and the problem, or nothing
     */
    public static Optional<String> problemIn(LlmHeaders headers) {
        for (String name : NAMES) {
            String value = headers.get(name).orElse("");
            boolean bearer = value.regionMatches(true, 0, BEARER, 0, BEARER.length());
            String key = bearer ? value.substring(BEARER.length()) : value;
            String problem =
                    key.isEmpty() || (!bearer && name.equals("Authorization")) ? null : KeyCheck.problemOf(key);
            if (problem != null) {
                return Optional.of("the key in " + name + " " + problem);
            }
        }
        return Optional.empty();
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
        LlmHeaders all = request.headers();
        LlmHeaders kept = all.without("Cookie").without("Host");
        for (int i = 0, size = all.size(); i < size; i++) {
            kept = mayBeKey(all.name(i)) ? kept.without(all.name(i)) : kept;
        }
        LlmUrl url = request.url().withoutParameter(QUERY_PARAMETER);
        for (String parameter : url.query().map(query -> query.split("&", -1)).orElse(new String[0])) {
            String name = parameter.substring(0, Math.max(0, parameter.indexOf('=')));
            url = mayBeKey(name) ? url.withoutParameter(name) : url;
        }
        return request.toBuilder().headers(kept).url(url).build();
    }

    /**
     * Says whether a header or a parameter of a query may carry a key, by what it is called: those of the known providers,
     * those of gateways, and an application's own.
     *
     * @param name the name, in any case
     * @return whether it may
     */
    public static boolean mayBeKey(String name) {
        for (int i = 0, length = name.length(); i < length; i++) {
            // On the way of every call: only where a part may begin it is looked at.
            switch (name.charAt(i) | 0x20) {
                case 'a', 'p', 's', 'v', 'x' -> {
                    if (hasPartAt(name, i)) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    private static boolean hasPartAt(String name, int at) {
        for (int i = 0; i < PARTS.size(); i++) {
            if (isAt(name, at, PARTS.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(String name, int at, String part) {
        int length = part.length();
        if (name.length() - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(at + i);
            char plain = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
            if (plain != part.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasKey(String query) {
        return query.startsWith(QUERY_PARAMETER + "=") || query.contains("&" + QUERY_PARAMETER + "=");
    }
}
