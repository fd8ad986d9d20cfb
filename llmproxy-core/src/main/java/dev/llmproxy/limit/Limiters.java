package dev.llmproxy.limit;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ticker;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The limits of all places: deployments by their names, else origins. Thread-safe. */
final class Limiters {
    // An application may call many hosts; those with nothing on its way are forgotten then.
    private static final int MOST = 1_000;

    private final Limits limits;
    private final Ticker ticker;
    private final BiPredicate<String, LlmUrl> hasSeveralKeys;
    private final LimitStage.Conditions conditions;
    private final Map<Object, Limiter> places = new ConcurrentHashMap<>();

    Limiters(
            Limits limits,
            Ticker ticker,
            BiPredicate<String, LlmUrl> hasSeveralKeys,
            LimitStage.Conditions conditions) {
        this.limits = limits;
        this.ticker = ticker;
        this.hasSeveralKeys = hasSeveralKeys;
        this.conditions = conditions;
    }

    Limiter of(CallContext call, LlmUrl url) {
        String deployment = call.deployment();
        Object place = deployment.isEmpty() ? call.info().origin() : deployment;
        Limiter known = places.get(place);
        return known == null ? first(place, deployment, url) : known;
    }

    private Limiter first(Object place, String deployment, LlmUrl url) {
        if (places.size() >= MOST) {
            places.values().removeIf(Limiter::isIdle);
        }
        return places.computeIfAbsent(
                place,
                key -> new Limiter(key.toString(), limits, ticker, hasSeveralKeys.test(deployment, url), conditions));
    }

    @Nullable
    Limiter named(String deployment) {
        return places.get(deployment);
    }

    List<Limits.Use> uses() {
        return places.values().stream()
                .map(Limiter::use)
                .sorted(Comparator.comparing(Limits.Use::place))
                .toList();
    }

    @Override
    public String toString() {
        return places.size() + " places";
    }
}
