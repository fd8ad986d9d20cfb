package dev.llmproxy.route;

import dev.llmproxy.call.LlmUrl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where calls to one base URL go. The application keeps using the base URL, which need not exist; each attempt is sent to
 * one of the route's deployments. Immutable.
 */
public final class Route {
    private final LlmUrl from;
    private final List<Deployment> deployments;
    private final List<String> names;

    private Route(LlmUrl from, List<Deployment> deployments) {
        this.from = from;
        this.deployments = deployments;
        this.names = deployments.stream().map(Deployment::name).toList();
    }

    /**
     * Begins the route of a base URL. Of several routes the one with the longest base is taken.
     *
     * @param base the base URL that the application uses, such as {@code https://llm.example/v1}
     * @return how to go on
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL without a query
     */
    public static From from(String base) {
        return new From(BaseUrl.of("Route.from", base));
    }

    /**
     * Returns the base URL that the application uses.
     *
     * @return the base URL
     */
    public LlmUrl base() {
        return from;
    }

    /**
     * Returns where its calls go.
     *
     * @return the deployments, in their order
     */
    public List<Deployment> deployments() {
        return deployments;
    }

    List<String> names() {
        return names;
    }

    boolean leads(LlmUrl url) {
        return BaseUrl.contains(from, url);
    }

    LlmUrl address(LlmUrl url, Deployment to) {
        return BaseUrl.moved(url, from, to.base());
    }

    @Nullable
    Deployment named(String name) {
        for (Deployment deployment : deployments) {
            if (deployment.name().equals(name)) {
                return deployment;
            }
        }
        return null;
    }

    /** Returns the base URL and the deployments. */
    @Override
    public String toString() {
        return from + " to " + deployments;
    }

    /** A route that does not lead anywhere yet. */
    public static final class From {
        private final LlmUrl base;

        private From(LlmUrl base) {
            this.base = base;
        }

        /**
         * Sends calls to the first deployment, and to the next ones when it fails with a cause for which a repeat can
         * help. A repeat within a call needs {@code LlmProxy.Builder.retry}; without it the next calls still avoid
         * deployments whose keys are all set aside.
         *
         * @param first the deployment that is used as long as it works
         * @param others those that stand in for it, in their order
         * @return the route
         * @throws IllegalArgumentException if two have the same name
         */
        public Route failover(Deployment first, Deployment... others) {
            List<Deployment> all = new ArrayList<>(List.of(first));
            all.addAll(List.of(others));
            Set<String> names = new HashSet<>();
            for (Deployment deployment : all) {
                if (!names.add(deployment.name())) {
                    throw new IllegalArgumentException("deployments: two are named " + deployment.name()
                            + " (expected: names of their own; set them with Deployment.named)");
                }
            }
            return new Route(base, List.copyOf(all));
        }
    }
}
