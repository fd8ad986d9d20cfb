package dev.llmproxy.cache;

import dev.llmproxy.call.CredentialHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the headers of requests are to a key, by their names. An application has few names and sends them with every call,
 * so what a name is is found out once. Thread-safe.
 */
final class HeaderRoles {
    // Whoever makes up names is told the same, only slower.
    private static final int MOST = 500;
    private static final int LONGEST = 64;

    private final Map<String, Role> known = new ConcurrentHashMap<>();

    /** What a header is. */
    enum Kind {
        /** It may carry a key. */
        CREDENTIAL,
        COOKIE,
        /** It decides what is answered. */
        ANSWER,
        /** It decides that by some of its values. */
        ACCEPT,
        NOTHING
    }

    /** A header's kind, and its name in lower case. */
    record Role(Kind kind, String name) {}

    Role of(String name) {
        Role role = known.get(name);
        return role != null ? role : learn(name);
    }

    private Role learn(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Role role = new Role(kindOf(lower), lower);
        if (known.size() < MOST && name.length() <= LONGEST) {
            known.put(name, role);
        }
        return role;
    }

    private static Kind kindOf(String lower) {
        if (lower.equals("cookie")) {
            return Kind.COOKIE;
        }
        if (CredentialHeaders.isOne(lower) || CredentialHeaders.mayBeKey(lower)) {
            return Kind.CREDENTIAL;
        }
        if (AnswerHeaders.isOne(lower)) {
            return Kind.ANSWER;
        }
        return lower.equals("accept") ? Kind.ACCEPT : Kind.NOTHING;
    }

    @Override
    public String toString() {
        return known.size() + " names";
    }
}
