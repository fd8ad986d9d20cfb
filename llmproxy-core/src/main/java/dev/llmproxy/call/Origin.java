package dev.llmproxy.call;

import java.util.Locale;
import java.util.Objects;

/**
 * A scheme, a host and a port: what a key is bound to.
 *
 * @param scheme {@code http} or {@code https}
 * @param host the host in lower case, as ASCII; an IPv6 address without brackets
 * @param port the port, also where a URL leaves it out
 */
public record Origin(String scheme, String host, int port) {
    /**
     * Checks the parts.
     *
     * @param scheme {@code http} or {@code https}
     * @param host the host
     * @param port 1 to 65535
     */
    public Origin {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(host, "host");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("scheme: " + scheme + " (expected: http or https)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /**
     * Says whether a URL lies in this origin.
     *
     * @param url the URL
     * @return whether scheme, host and port are the same
     */
    public boolean contains(LlmUrl url) {
        return port == url.port() && scheme.equals(url.scheme()) && host.equals(url.host());
    }

    /**
     * Says whether what is sent here stays on this machine whatever a name server says: {@code localhost}, an address
     * of 127.0.0.0/8 in its usual form, or {@code ::1}.
     *
     * @return whether the host is a loopback literal
     */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || isLoopbackV4(host);
    }

    private static boolean isLoopbackV4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4 || !parts[0].equals("127")) {
            return false;
        }
        for (String part : parts) {
            if (!isOctet(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOctet(String part) {
        if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(part) <= 255;
    }

    /** Returns the origin as it stands in a URL; the port only where it is not the scheme's own. */
    @Override
    public String toString() {
        String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return scheme + "://" + name + (port == LlmUrl.defaultPort(scheme) ? "" : ":" + port);
    }
}
