package dev.llmproxy.diagnosis;

import dev.llmproxy.dialect.Edge;
import dev.llmproxy.dialect.ErrorPage;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers that are not the provider's own: redirects, pages, and what proxies and networks demand for themselves. */
final class EdgeRules {
    private static final Set<Edge> FILTERS =
            Set.of(Edge.CAPTIVE_PORTAL, Edge.ZSCALER, Edge.NETSKOPE, Edge.FORTINET, Edge.PALO_ALTO, Edge.ALIBABA_WAF);
    private static final List<String> CHALLENGES =
            List.of("just a moment", "attention required", "access denied", "blocked");

    // As texts of APIs that stand behind such filters.
    private static final List<String> BLOCKS =
            List.of("your request was blocked", "unusual activity has been detected");

    private static final String NOWHERE = "a place that cannot be read";

    private EdgeRules() {}

    static Fault.@Nullable Builder judge(Refusal of) {
        if (of.status() >= 300 && of.status() < 400) {
            return redirect(of);
        }
        if (of.isStatus(407)) {
            return proxyCredentials(of);
        }
        if (of.isStatus(511)) {
            return blocked(of, 0.95);
        }
        if (of.isStatus(403) && of.says(BLOCKS)) {
            return blocked(of, 0.8);
        }
        return of.page().map(page -> page(of, page)).orElse(null);
    }

    private static Fault.@Nullable Builder page(Refusal of, ErrorPage page) {
        if (of.isInBand()) {
            return pageAsAnswer(of);
        }
        String title = page.title().orElse("").toLowerCase(Locale.ROOT);
        if (page.edge().filter(FILTERS::contains).isPresent() || isChallenge(title)) {
            return blocked(of, 0.95);
        }
        return switch (of.status()) {
            case 400 -> badRequest(of, title);
            case 403, 406 -> blocked(of, page.edge().isPresent() ? 0.85 : 0.7);
            case 404, 405, 410 -> EndpointRules.wrongEndpoint(of, 0.85);
            default -> null; // the status says it
        };
    }

    private static boolean isChallenge(String title) {
        for (String challenge : CHALLENGES) {
            if (title.contains(challenge)) {
                return true;
            }
        }
        return false;
    }

    private static Fault.Builder badRequest(Refusal of, String title) {
        if (title.contains("plain http request")) {
            return of.fault(FaultCause.WRONG_ENDPOINT, 0.97, of.host() + " takes only TLS at this port" + of.quote())
                    .remedy("write https in the base URL");
        }
        if (title.contains("header") && title.contains("too large")) {
            return headersTooLarge(of);
        }
        return pageAsAnswer(of);
    }

    /** The page came where an answer was expected. */
    private static Fault.Builder pageAsAnswer(Refusal of) {
        return of.fault(
                        FaultCause.HTML_PAGE,
                        of.isInBand() ? 0.95 : 0.7,
                        of.host() + " sent a web page in place of an answer" + of.quote())
                .ruledOut("the model: no API of a model writes web pages")
                .remedy("check the path of the base URL" + EndpointRules.usualBase(of))
                .remedy("open the URL in a browser on this network: look for a login page or a filter");
    }

    private static Fault.Builder blocked(Refusal of, double confidence) {
        String who = of.page().flatMap(ErrorPage::edge).map(EdgeRules::nameOf).orElse("something on the way");
        return of.fault(
                        FaultCause.BLOCKED_BY_EDGE,
                        confidence,
                        who + " refused the call to " + of.host() + " before it reached the API" + of.quote())
                .ruledOut("the provider: this is no answer of its making")
                .remedy("call from another network to see whether it is this one's address that is refused")
                .remedy("let the owner of the filter or firewall allow " + of.host());
    }

    static Fault.Builder headersTooLarge(Refusal of) {
        return of.fault(FaultCause.BAD_HEADER, 0.9, of.host() + " finds the request's headers too large" + of.quote())
                .ruledOut("the body: its size was not the objection")
                .remedy("send fewer or shorter headers: cookies and tracing baggage above all");
    }

    private static Fault.Builder proxyCredentials(Refusal of) {
        return of.fault(
                        FaultCause.PROXY_AUTHENTICATION,
                        0.97,
                        "the HTTP proxy on the way to " + of.host() + " demands credentials (407)")
                .ruledOut("the provider: the call did not get that far")
                .remedy("set proxyAuthenticator on the HTTP client");
    }

    private static Fault.Builder redirect(Refusal of) {
        String target = of.headers()
                .get("location")
                .map(location -> hostIn(location, of.host()))
                .orElse(NOWHERE);
        Fault.Builder fault = of.fault(
                        FaultCause.REDIRECT_REFUSED,
                        0.95,
                        of.host() + " redirects to " + (target.equals(of.host()) ? "another place of its own" : target)
                                + "; that was not followed, so that the key does not leak")
                .evidence("redirects to", target)
                .ruledOut("a leaked key: nothing was sent to the target");
        if (target.equals(of.host())) {
            return fault.remedy(
                    "correct the base URL: https, no doubled slash, none at its end" + EndpointRules.usualBase(of));
        }
        return fault.remedy("if that host is the provider's own, make it the base URL; else let no key go there")
                .remedy("if it is a login page, sign in to this network first");
    }

    // The host only: path and query of a redirect may hold tokens.
    private static String hostIn(String location, String here) {
        try {
            URI target = new URI(location);
            if (target.getHost() != null) {
                return target.getHost().toLowerCase(Locale.ROOT);
            }
            return target.isOpaque() || target.getRawAuthority() != null ? NOWHERE : here;
        } catch (URISyntaxException e) {
            return NOWHERE;
        }
    }

    static String nameOf(Edge edge) {
        return edge.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
