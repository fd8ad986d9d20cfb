package dev.llmproxy.cache;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who an application says that it is, and what is left of the request's query without it: every header and parameter
 * that may carry a key. For one request and one thread; to be added to the fields that are hashed, and not to be kept.
 */
final class Credential {
    private static final String SIGNED = "AWS4-";
    private static final String SIGNER = "Credential=";

    private final List<String> namesAndValues = new ArrayList<>();
    private @Nullable String cookies;
    private @Nullable String query;

    Credential(LlmRequest request, HeaderRoles roles) {
        LlmHeaders headers = request.headers();
        for (int i = 0, size = headers.size(); i < size; i++) {
            readHeader(roles.of(headers.name(i)), headers.value(i));
        }
        LlmUrl url = request.url();
        url.query().ifPresent(this::readQuery);
    }

    private void readHeader(HeaderRoles.Role role, String value) {
        if (role.kind() == HeaderRoles.Kind.COOKIE) {
            // It tells callers apart, but whose it is not known: it may be the same for all.
            cookies = cookies == null ? value : cookies + "\n" + value;
        } else if (role.kind() == HeaderRoles.Kind.CREDENTIAL) {
            add(role.name(), value.startsWith(SIGNED) ? signerIn(value) : value);
        }
    }

    // A signature is another one for each request. The id of the key is not secret, but whoever can put another's here
    // is inside of the application.
    private static String signerIn(String signature) {
        int from = signature.indexOf(SIGNER);
        int to = from < 0 ? -1 : signature.indexOf('/', from);
        return to < 0 ? signature : signature.substring(from, to);
    }

    private void readQuery(String all) {
        StringBuilder rest = new StringBuilder(all.length());
        int from = 0;
        while (from <= all.length()) {
            int next = all.indexOf('&', from);
            int to = next < 0 ? all.length() : next;
            readParameter(all, from, to, rest);
            from = to + 1;
        }
        query = rest.toString();
    }

    private void readParameter(String all, int from, int to, StringBuilder rest) {
        int equals = all.indexOf('=', from);
        String name = all.substring(from, equals < 0 || equals > to ? to : equals);
        if (name.equals(CredentialHeaders.QUERY_PARAMETER) || CredentialHeaders.mayBeKey(name)) {
            add("?" + name, all.substring(Math.min(to, from + name.length() + 1), to));
        } else {
            rest.append(all, from, to).append('&');
        }
    }

    private void add(String name, String value) {
        namesAndValues.add(name);
        namesAndValues.add(value);
    }

    boolean isThere() {
        return !namesAndValues.isEmpty();
    }

    /** Adds all that tells callers apart. */
    void addTo(Fields fields) {
        fields.add(namesAndValues.size());
        for (String text : namesAndValues) {
            fields.add(text);
        }
        fields.add(cookies == null ? 0 : 1).add(cookies == null ? "" : cookies);
    }

    /** Returns the query without what carries a key; null where there is none. */
    @Nullable
    String query() {
        return query;
    }
}
