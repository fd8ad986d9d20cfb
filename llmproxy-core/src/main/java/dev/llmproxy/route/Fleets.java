package dev.llmproxy.route;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.route.RouteStage.Headroom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a proxy knows of the deployments of all its routes. Thread-safe. */
final class Fleets {
    private static final int MOST_CIRCUITS = 4_096;

    private final Routes routes;
    private final Map<Route, Fleet> fleets = new HashMap<>();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<Origin, Circuit> endpoints = new HashMap<>();
    private final Map<Place, Circuit> models = new ConcurrentHashMap<>();
    private final RandomGenerator random;
    private final Headroom headroom;

    Fleets(Routes routes, Keys keys, RandomGenerator random, Headroom headroom) {
        this.routes = routes;
        this.random = random;
        this.headroom = headroom;
        for (Route route : routes.all()) {
            fleets.put(route, fleet(route, keys));
        }
    }

    /** A model at an origin, whatever deployments lead there. */
    private record Place(Origin origin, String model) {}

    private Fleet fleet(Route route, Keys keys) {
        Member[] ranked = route.deployments().stream()
                .sorted(Comparator.comparingInt(Deployment::priority))
                .map(this::known)
                .toArray(Member[]::new);
        Member[] others = route.all().stream()
                .filter(deployment -> !route.deployments().contains(deployment))
                .map(this::known)
                .toArray(Member[]::new);
        Shares shares = new Shares(ranked);
        return new Fleet(route, ranked, others, shares, route.spread().picker(ranked, shares, random), keys);
    }

    private Member known(Deployment deployment) {
        return members.computeIfAbsent(deployment.name(), name -> member(deployment));
    }

    private Member member(Deployment deployment) {
        Origin origin = deployment.base().origin();
        Circuit endpoint = endpoints.computeIfAbsent(origin, added -> new Circuit(random));
        Function<String, Circuit> ofModel = model -> circuit(new Place(origin, model));
        return new Member(deployment, endpoint, ofModel, now -> headroom.left(deployment, now));
    }

    private Circuit circuit(Place place) {
        return models.size() >= MOST_CIRCUITS
                ? new Circuit(random)
                : models.computeIfAbsent(place, added -> new Circuit(random));
    }

    @Nullable
    Fleet of(LlmUrl url) {
        Route route = routes.of(url);
        return route == null ? null : fleets.get(route);
    }

    List<Member> members() {
        return List.copyOf(members.values());
    }

    @Override
    public String toString() {
        return Arrays.toString(fleets.values().toArray());
    }
}
