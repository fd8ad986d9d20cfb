package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.dialect.Vendor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Request;

/** Whether the base URL leads to the interface that clients expect there: its list of models is asked for. */
final class EndpointCheck implements Check {
    private static final Answer NOTHING =
            new Answer(0, Headers.of(), "", false, null, "not sent", Duration.ZERO, Instant.EPOCH);

    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public Finding examine(Visit visit) throws InterruptedException {
        if (!visit.blocked().isEmpty()) {
            return Finding.skip(name(), visit.blocked());
        }
        Exchange exchange = visit.exchange();
        Answer answer = exchange.answer();
        Api api = visit.api();
        Optional<ModelList> models = modelsIn(answer);
        visit.found(new Endpoint(api, answer, models));
        if (api.list().isEmpty()) {
            return answer.status() == 0
                    ? unreached(visit, exchange)
                    : Finding.skip(name(), visit.base().host() + " lists no models; it answered " + answer.status());
        }
        return switch (NetworkCheck.failed(visit, exchange)) {
            case NONE -> listed(visit, answer, api.list().get(), models);
            case KEY ->
                Finding.skip(name(), "the key was refused (" + answer.outcome() + ") before the path was looked at");
            case LIMITS -> Finding.ok(name(), path(api.list().get()) + " answered " + answer.status());
            case DNS, CONNECT, TLS -> unreached(visit, exchange);
            case ENDPOINT ->
                answer.status() == 404 || answer.status() == 405
                        ? elsewhere(visit, answer, api.list().get())
                        : NetworkCheck.failure(name(), answer);
        };
    }

    private Finding unreached(Visit visit, Exchange exchange) throws InterruptedException {
        return NetworkCheck.failed(visit, exchange) == NetworkCheck.Step.ENDPOINT
                ? NetworkCheck.failure(name(), exchange.answer())
                : Finding.skip(name(), "the request did not come so far");
    }

    private Finding listed(Visit visit, Answer answer, String list, Optional<ModelList> models) {
        String asked = path(list) + " answered " + answer.status() + " in "
                + answer.took().toMillis() + " ms";
        if (models.isPresent()) {
            return Finding.ok(name(), asked + ", " + models.get().names().size() + " models");
        }
        String type = answer.header("Content-Type");
        Optional<Found> better = answer.body().stripLeading().startsWith("<") ? firstOther(visit) : Optional.empty();
        Finding finding = Finding.fail(name(), asked + ", and not with a list of models")
                .evidence("Content-Type", type.isEmpty() ? "none" : visit.line().withoutKeys(type));
        return better.map(found -> tell(visit, found, finding))
                .orElseGet(() -> finding.action("correct the base URL: something else is there" + usual(visit.base())));
    }

    /** Asks at the places that are usually meant. */
    private Finding elsewhere(Visit visit, Answer answer, String list) {
        Optional<Found> other = firstOther(visit);
        if (other.isPresent()) {
            Finding finding =
                    Finding.fail(name(), path(list) + " is not there (" + answer.status() + "): the base URL is wrong");
            return tell(visit, other.get(), finding);
        }
        String base = visit.base().toString();
        boolean asDocumented = Vendor.at(visit.base().host())
                .filter(vendor -> vendor.baseUrl().equals(base))
                .isPresent();
        return asDocumented
                ? Finding.skip(name(), visit.base().host() + " lists no models")
                : NetworkCheck.failure(name(), answer).first("correct the path of the base URL" + usual(visit.base()));
    }

    private Finding tell(Visit visit, Found found, Finding finding) {
        visit.found(new Endpoint(found.api, found.answer, modelsIn(found.answer)));
        return finding.evidence(path(found.api.list().orElse("")), found.answer.outcome())
                .first("change the base URL to " + found.base
                        + (found.base.endsWith("/v1") && !visit.base().path().contains("/v1") ? ": it lacks /v1" : ""));
    }

    private static Optional<Found> firstOther(Visit visit) {
        for (Found place : others(visit.base())) {
            // Those that hang leave time for what is known already.
            if (visit.isCheckEnding()) {
                break;
            }
            Request request = visit.within(2, visit.get(place.api.list().orElse("")));
            Answer answer = visit.line().send(request, visit.isSigned());
            boolean wantsKey = answer.status() == 401 || answer.status() == 403;
            if (modelsIn(answer).isPresent() || wantsKey) {
                return Optional.of(new Found(place.base, place.api, answer));
            }
        }
        return Optional.empty();
    }

    // What refuses the request may have a list in it, too, which tells nothing.
    private static Optional<ModelList> modelsIn(Answer answer) {
        return answer.isSuccessful() ? ModelList.read(answer.body()) : Optional.empty();
    }

    private static List<Found> others(LlmUrl base) {
        String origin = base.origin().toString();
        String root = origin
                + (base.path().endsWith("/")
                        ? base.path().substring(0, base.path().length() - 1)
                        : base.path());
        List<Found> all = new ArrayList<>();
        if (base.path().contains("/v1/v1")) {
            add(root.replace("/v1/v1", "/v1"), all);
        }
        if (!base.path().contains("/v1")) {
            add(root + "/v1", all);
        }
        Vendor.at(base.host())
                .map(Vendor::baseUrl)
                .filter(url -> url.startsWith(origin))
                .ifPresent(url -> add(url, all));
        if (!root.equals(origin + "/v1")) {
            add(origin + "/v1", all);
        }
        all.add(new Found(origin, Api.ollama(origin), NOTHING));
        return all;
    }

    private static void add(String root, List<Found> all) {
        if (all.stream().noneMatch(each -> each.base.equals(root))) {
            all.add(new Found(root, Api.openAi(root), NOTHING));
        }
    }

    private static String usual(LlmUrl base) {
        return Vendor.at(base.host())
                .map(Vendor::baseUrl)
                .filter(url -> !url.isEmpty())
                .map(url -> " (usually " + url + ")")
                .orElse("");
    }

    private static String path(String url) {
        return "GET " + LlmUrl.of(url).path();
    }

    /** A place where the interface may be, and what it answered. */
    private record Found(String base, Api api, Answer answer) {}
}
