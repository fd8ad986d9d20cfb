package dev.llmproxy.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.llmproxy.report.ReportPage;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/**
 * Decides whom the console answers. A name that resolves to this machine is not enough (a page elsewhere can make one do
 * so), nor is a request that another site has a browser send.
 */
final class Guard {
    private static final String SCHEME = "Bearer ";

    private final Set<String> hosts;
    private final byte[] expected;

    Guard(int port, String token) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.expected = (SCHEME + token).getBytes(StandardCharsets.UTF_8);
    }

    static String authority(InetSocketAddress address) {
        boolean six = address.getAddress() instanceof Inet6Address;
        return (six ? "[::1]" : address.getAddress().getHostAddress()) + ":" + address.getPort();
    }

    /** Returns a filter that lets through whoever is on this machine: for what holds nothing of the report. */
    Filter open() {
        return filter("console without token", false);
    }

    /** Returns a filter that wants the token, too. */
    Filter withToken() {
        return filter("console with token", true);
    }

    private Filter filter(String description, boolean token) {
        return new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                protect(exchange.getResponseHeaders());
                int refusal = refusal(exchange, token);
                if (refusal == 0) {
                    chain.doFilter(exchange);
                } else {
                    refuse(exchange, refusal);
                }
            }

            @Override
            public String description() {
                return description;
            }
        };
    }

    private int refusal(HttpExchange exchange, boolean token) {
        Headers headers = exchange.getRequestHeaders();
        if (!isOwn(headers)) {
            return 403;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return 405;
        }
        return token && !hasToken(headers) ? 401 : 0;
    }

    private boolean isOwn(Headers headers) {
        List<String> host = headers.getOrDefault("Host", List.of());
        if (host.size() != 1 || !hosts.contains(host.get(0))) {
            return false;
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equals("http://" + host.get(0))) {
            return false;
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        // "none" is a link that a person opens; "cross-site" may be one, too, but only to the page without data.
        return site == null || site.equals("same-origin") || site.equals("none") || isVisit(headers);
    }

    // A link in a chat or a terminal in the browser: it opens the page, and shows that to nobody but the person.
    private static boolean isVisit(Headers headers) {
        return "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
                && "document".equals(headers.getFirst("Sec-Fetch-Dest"));
    }

    private boolean hasToken(Headers headers) {
        String given = headers.getFirst("Authorization");
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static void protect(Headers headers) {
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", ReportPage.livePolicy());
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
    }

    private static void refuse(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            if (status == 405) {
                exchange.getResponseHeaders().set("Allow", "GET");
            } else if (status == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }
}
