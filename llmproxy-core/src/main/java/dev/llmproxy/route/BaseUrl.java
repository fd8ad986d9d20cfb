package dev.llmproxy.route;

import dev.llmproxy.call.LlmUrl;

/** A base URL: everything below its path belongs to it. */
final class BaseUrl {
    private BaseUrl() {}

    /** Reads a base URL; a slash at its end means nothing. */
    static LlmUrl of(String setting, String text) {
        LlmUrl url = LlmUrl.of(text);
        if (url.query().isPresent()) {
            throw new IllegalArgumentException(
                    setting + ": " + url + " with a query (expected: a base URL without one)");
        }
        String path = url.path();
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return end == path.length() ? url : url.withPath(path.substring(0, end));
    }

    /** Says whether a URL lies at or below a base. */
    static boolean contains(LlmUrl base, LlmUrl url) {
        return base.origin().contains(url) && restFrom(base, url) >= 0;
    }

    /** Returns where the part of a URL's path begins that comes behind its base; -1 where it lies elsewhere. */
    private static int restFrom(LlmUrl base, LlmUrl url) {
        String prefix = base.path();
        if (prefix.equals("/")) {
            return 0;
        }
        String path = url.path();
        boolean below =
                path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
        return below ? prefix.length() : -1;
    }

    /** Returns what a URL below one base is called below another one. */
    static LlmUrl moved(LlmUrl url, LlmUrl from, LlmUrl to) {
        String rest = url.path().substring(restFrom(from, url));
        String path = to.path().equals("/") ? rest : to.path() + rest;
        return to.withPath(path.isEmpty() ? "/" : path).withQuery(url.query().orElse(null));
    }
}
