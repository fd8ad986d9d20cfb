package dev.llmproxy.call;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a request, in its parts. Printing it leaves out the query, which may hold a key; {@link #href()} is the
 * whole.
 */
public final class LlmUrl {
    private final Origin origin;
    private final String path;
    private final @Nullable String query;

    private LlmUrl(String scheme, String host, int port, String path, @Nullable String query) {
        this(new Origin(scheme, host, port), path, query);
    }

    private LlmUrl(Origin origin, String path, @Nullable String query) {
        this.origin = origin;
        this.path = path;
        this.query = query;
    }

    /**
     * Reads a URL.
     *
     * @param text an absolute http or https URL without user information
     * @return the URL
     * @throws IllegalArgumentException if it is anything else; the message shows no query and no user information
     */
    public static LlmUrl of(String text) {
        URI uri = parse(text);
        String scheme = lower(uri.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused("a URL of another scheme");
        }
        if (uri.getRawUserInfo() != null) {
            throw refused("a URL with user information");
        }
        if (uri.getRawAuthority() == null) {
            throw refused("a URL without a host");
        }
        int port = uri.getPort() < 0 ? defaultPort(scheme) : uri.getPort();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new LlmUrl(scheme, canonicalHost(hostOf(uri)), port, path, uri.getRawQuery());
    }

    /**
     * Returns a URL of parts that an HTTP client has already taken apart.
     *
     * @param scheme {@code http} or {@code https}
     * @param host the host in lower case, as ASCII; an IPv6 address without brackets
     * @param port the port
     * @param path the path as it is sent
     * @param query the query as it is sent, without the question mark, or null
     * @return the URL
     */
    public static LlmUrl of(String scheme, String host, int port, String path, @Nullable String query) {
        return new LlmUrl(scheme, host.indexOf(':') < 0 ? host : canonicalHost(host), port, path, query);
    }

    private static URI parse(String text) {
        Objects.requireNonNull(text, "url");
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Not the cause: its message quotes the whole text, which may hold a key.
            throw refused("text with an error at " + e.getIndex());
        }
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("url: " + what + " (expected: an absolute http or https URL such as "
                + "https://api.openai.com/v1, without user information)");
    }

    // URI finds no host in what is not a plain ASCII name: take it from the authority.
    private static String hostOf(URI uri) {
        if (uri.getHost() != null) {
            return uri.getHost();
        }
        String authority = uri.getRawAuthority();
        if (authority.indexOf('@') >= 0 || authority.indexOf(':') >= 0 || authority.indexOf('%') >= 0) {
            throw refused("a URL with an unclear host");
        }
        return authority;
    }

    private static String canonicalHost(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (bare.indexOf(':') >= 0) {
            return canonicalV6(bare);
        }
        try {
            return lower(IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED));
        } catch (IllegalArgumentException e) {
            throw refused("a URL with an unclear host");
        }
    }

    private static String canonicalV6(String literal) {
        try {
            String address = InetAddress.getByName('[' + literal + ']').getHostAddress();
            return address.equals("0:0:0:0:0:0:0:1") ? "::1" : address;
        } catch (UnknownHostException e) {
            throw refused("a URL with an unclear host");
        }
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /**
     * Returns the scheme.
     *
     * @return {@code http} or {@code https}
     */
    public String scheme() {
        return origin.scheme();
    }

    /**
     * Returns the host.
     *
     * @return the host in lower case, as ASCII; an IPv6 address without brackets
     */
    public String host() {
        return origin.host();
    }

    /**
     * Returns the port.
     *
     * @return the port, also where the URL leaves it out
     */
    public int port() {
        return origin.port();
    }

    /**
     * Returns the path.
     *
     * @return the path as it is sent, with a leading slash
     */
    public String path() {
        return path;
    }

    /**
     * Returns the query.
     *
     * @return the query as it is sent, without the question mark, or nothing
     */
    public Optional<String> query() {
        return Optional.ofNullable(query);
    }

    /**
     * Returns where this URL lies.
     *
     * @return its scheme, host and port
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Returns this URL with another path.
     *
     * @param path the path as it is sent, with a leading slash
     * @return the changed URL
     */
    public LlmUrl withPath(String path) {
        return new LlmUrl(origin, Objects.requireNonNull(path, "path"), query);
    }

    /**
     * Returns this URL without a parameter of its query; every other byte of it stays as it is.
     *
     * @param name the parameter's name
     * @return the changed URL, or this one
     */
    public LlmUrl withoutParameter(String name) {
        if (query == null || !query.contains(name)) {
            return this;
        }
        List<String> parts = new ArrayList<>(List.of(query.split("&", -1)));
        boolean found = parts.removeIf(part -> part.equals(name) || part.startsWith(name + "="));
        return found ? withQuery(parts.isEmpty() ? null : String.join("&", parts)) : this;
    }

    /**
     * Returns this URL with another query.
     *
     * @param query the query as it is sent, without the question mark, or null for none
     * @return the changed URL
     */
    public LlmUrl withQuery(@Nullable String query) {
        return new LlmUrl(origin, path, query);
    }

    /**
     * Returns the whole URL. It may hold a key: not for logs.
     *
     * @return the URL with its query
     */
    public String href() {
        return query == null ? toString() : this + "?" + query;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LlmUrl that
                && origin.equals(that.origin)
                && path.equals(that.path)
                && Objects.equals(query, that.query);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * origin.hashCode() + path.hashCode()) + Objects.hashCode(query);
    }

    /** Returns the URL without its query. */
    @Override
    public String toString() {
        return origin + path;
    }
}
