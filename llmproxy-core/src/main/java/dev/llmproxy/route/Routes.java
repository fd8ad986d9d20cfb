package dev.llmproxy.route;

import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of one proxy: the longest base wins. Immutable. */
public final class Routes {
    private final List<Route> longestFirst;

    /**
     * Constructs the routes of a proxy.
     *
     * @param routes the routes
     * @throws IllegalArgumentException if two have the same base, or two different deployments the same name
     */
    public Routes(List<Route> routes) {
        requireOneForEachBase(routes);
        requireOneForEachName(routes);
        this.longestFirst = new ArrayList<>(routes);
        longestFirst.sort(
                Comparator.comparingInt((Route route) -> route.base().path().length())
                        .reversed());
    }

    private static void requireOneForEachBase(List<Route> routes) {
        for (int i = 0; i < routes.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (routes.get(i).base().equals(routes.get(j).base())) {
                    throw new IllegalArgumentException(
                            "route: a second one from " + routes.get(i).base() + " (expected: one for each base URL)");
                }
            }
        }
    }

    // A name stands for the deployment everywhere: for its keys, its statistics, in headers and events.
    @SuppressWarnings("ReferenceEquality")
    private static void requireOneForEachName(List<Route> routes) {
        Map<String, Deployment> known = new HashMap<>();
        for (Route route : routes) {
            for (Deployment deployment : route.deployments()) {
                Deployment other = known.putIfAbsent(deployment.name(), deployment);
                if (other != null && other != deployment) {
                    throw new IllegalArgumentException("deployments: two are named " + deployment.name()
                            + " (expected: names of their own, or one and the same deployment in several routes)");
                }
            }
        }
    }

    /**
     * Says whether there are none.
     *
     * @return whether every call goes where the application sends it
     */
    public boolean isEmpty() {
        return longestFirst.isEmpty();
    }

    /**
     * Returns the keys of the deployments that have some of their own.
     *
     * @return credentials by the deployment's name
     */
    public Map<String, Credentials> credentials() {
        Map<String, Credentials> credentials = new HashMap<>();
        for (Route route : longestFirst) {
            for (Deployment deployment : route.deployments()) {
                deployment.credentials().ifPresent(own -> credentials.put(deployment.name(), own));
            }
        }
        return credentials;
    }

    /**
     * Returns how much there is in all deployments, where there is so much in each.
     *
     * @param each how much there is in one
     * @return the product; that of one where there is no route
     */
    public int times(int each) {
        long deployments = 0;
        for (Route route : longestFirst) {
            deployments += route.deployments().size();
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, deployments) * each);
    }

    @Nullable
    Route of(LlmUrl url) {
        for (int i = 0; i < longestFirst.size(); i++) {
            if (longestFirst.get(i).leads(url)) {
                return longestFirst.get(i);
            }
        }
        return null;
    }

    /** Returns the routes. */
    @Override
    public String toString() {
        return longestFirst.toString();
    }
}
