package dev.llmproxy.auth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Changes one parameter of a query and leaves every other byte of it as it is. */
final class Query {
    private Query() {}

    static @Nullable String without(String query, String name) {
        StringBuilder kept = new StringBuilder(query.length());
        for (String part : query.split("&", -1)) {
            if (!part.equals(name) && !part.startsWith(name + "=")) {
                kept.append(kept.length() == 0 ? "" : "&").append(part);
            }
        }
        return kept.length() == 0 ? null : kept.toString();
    }

    static String with(@Nullable String query, String name, String value) {
        String parameter = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return query == null ? parameter : query + "&" + parameter;
    }
}
