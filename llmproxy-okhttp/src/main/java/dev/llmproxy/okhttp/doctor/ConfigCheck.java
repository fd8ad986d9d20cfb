package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.report.Report.Setting;
import java.util.List;
import java.util.Optional;

/** The base URL, and whether the application's proxy knows the credentials. */
final class ConfigCheck implements Check {
    private static final List<String> CALLS =
            List.of("/chat/completions", "/completions", "/responses", "/embeddings", "/messages", "/models", "/chat");

    @Override
    public String name() {
        return "config";
    }

    @Override
    public Finding examine(Visit visit) {
        LlmUrl base = visit.base();
        if (base.path().contains("/v1/v1")) {
            return Finding.fail(name(), "the base URL " + base + " has /v1 twice")
                    .action("take one of them out of the base URL");
        }
        Optional<String> call = callIn(base);
        if (call.isPresent()) {
            return Finding.fail(name(), "the base URL " + base + " is the address of a call; clients add theirs to it")
                    .action("take " + call.get() + " off the base URL");
        }
        if (base.query().isPresent()) {
            return Finding.warn(name(), "the base URL has a query, which most clients drop or put in the wrong place")
                    .action("set parameters on the client, and a key by Credentials.queryParameter");
        }
        return settings(visit, base);
    }

    private static Optional<String> callIn(LlmUrl base) {
        String path = withoutSlash(base.path());
        Optional<String> end = CALLS.stream().filter(path::endsWith).findFirst();
        LlmRequest asCall = LlmRequest.builder("POST", base.withPath(path)).build();
        return end.isPresent() || Dialect.ofRequest(asCall).isEmpty() ? end : Optional.of(path);
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private Finding settings(Visit visit, LlmUrl base) {
        if (visit.patient().proxy().isEmpty()) {
            return Finding.ok(name(), "base URL " + base + "; no LlmProxy was given");
        }
        List<Setting> settings = visit.patient().proxy().get().report().settings();
        boolean known = settings.stream()
                .filter(setting ->
                        setting.name().equals("Credentials") || setting.name().equals("Route"))
                .anyMatch(setting -> names(setting.value(), base.origin().toString()));
        return known
                ? Finding.ok(name(), "base URL " + base + ", which the LlmProxy knows")
                : Finding.warn(name(), "the LlmProxy has neither credentials nor a route for " + base.origin())
                        .evidence("effect", "its calls to there go out as the application signs them")
                        .action("give the same credentials to the proxy [LlmProxy.Builder.credentials]");
    }

    // Not as the beginning of a longer host or port.
    private static boolean names(String value, String origin) {
        int end = value.indexOf(origin) + origin.length();
        return value.contains(origin) && (end == value.length() || ",/] ".indexOf(value.charAt(end)) >= 0);
    }
}
