package dev.llmproxy.route;

import dev.llmproxy.auth.Credentials;
import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.LlmUrl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;
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
            for (Deployment deployment : route.all()) {
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
     * Returns the first route whose calls may go on at a fallback.
     *
     * @return the route, or nothing
     */
    public Optional<Route> withFallback() {
        return longestFirst.stream().filter(Route::hasFallbacks).findFirst();
    }

    /**
     * Returns the keys of the deployments that have some of their own.
     *
     * @return credentials by the deployment's name
     */
    public Map<String, Credentials> credentials() {
        Map<String, Credentials> credentials = new HashMap<>();
        for (Route route : longestFirst) {
            for (Deployment deployment : route.all()) {
                deployment.credentials().ifPresent(own -> credentials.put(deployment.name(), own));
            }
        }
        return credentials;
    }

    /**
     * Says with whose credentials calls to a URL are signed, wherever they go. Not to be printed.
     *
     * @param url where the application sends the call
     * @param keys the keys of the proxy
     * @return what tells them from others; nothing where none is signed
     */
    public Optional<ByteString> identity(LlmUrl url, KeyRings keys) {
        Route route = of(url);
        if (route == null) {
            return keys.identity("", url);
        }
        Buffer all = new Buffer();
        boolean signed = false;
        for (Deployment deployment : route.all()) {
            Optional<ByteString> own = keys.identity(deployment.name(), deployment.base());
            signed |= own.isPresent();
            all.writeInt(own.map(ByteString::size).orElse(-1)).write(own.orElse(ByteString.EMPTY));
        }
        return signed ? Optional.of(all.sha256()) : Optional.empty();
    }

    List<Route> all() {
        return longestFirst;
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
