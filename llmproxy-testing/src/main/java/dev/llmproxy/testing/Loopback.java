package dev.llmproxy.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The one address that is listened on: never {@code ::1}, however the JVM prefers its addresses. */
final class Loopback {
    private Loopback() {}

    static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    static String url(String scheme, int port, String path) {
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: to start with a slash)");
        }
        return scheme + "://127.0.0.1:" + port + path;
    }
}
