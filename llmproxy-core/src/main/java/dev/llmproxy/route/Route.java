package dev.llmproxy.route;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where calls to one base URL go. The application keeps using the base URL, which need not exist; each attempt is sent to
 * one of the route's deployments. Immutable.
 */
public final class Route {
    private static final int MOST_DEPLOYMENTS = 64;

    private final LlmUrl from;
    private final List<Deployment> deployments;
    private final List<String> names;
    private final Map<FaultCause, Fallback> fallbacks;
    private final Spread spread;

    private Route(LlmUrl from, List<Deployment> deployments, Map<FaultCause, Fallback> fallbacks, Spread spread) {
        this.from = from;
        this.deployments = deployments;
        this.spread = spread;
        this.names = deployments.stream().map(Deployment::name).toList();
        this.fallbacks = fallbacks;
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

    /**
     * Sends calls whose requests begin alike, in their first 4,096 bytes, to the same deployment as long as that is not
     * busier than the others: it has the beginning of the prompt in its cache, which is faster and costs less. Shorter
     * requests are balanced as always. It helps where the application writes what is the same in all calls of a
     * conversation first.
     *
     * @return the changed route
     * @throws IllegalArgumentException if this is no route of {@link From#balance}
     */
    public Route promptAffinity() {
        return new Route(from, deployments, fallbacks, spread.promptAffinity());
    }

    /**
     * Fails calls with {@code local.no-deployment}, before anything is sent, while all deployments are ejected, but for one
     * call every five seconds that tries them again. Without this they are sent all the same: what has failed for others
     * may work for the next one.
     *
     * @return the changed route
     */
    public Route failFast() {
        return new Route(from, deployments, fallbacks, spread.failFast());
    }

    boolean isFailingFast() {
        return spread.isFailingFast();
    }

    Spread spread() {
        return spread;
    }

    /**
     * Lets a call that fails for a cause go on at another deployment: one with a longer context, say, or with another
     * policy, under the name that it gives the model. Without this no call ever does. It needs
     * {@code LlmProxy.Builder.retry}; the call stays there, which is one of its attempts and costs nothing of the budget
     * of repeats. What failed may have been billed, and the fallback is billed as well, whatever the mode of the call but
     * {@code OFF}. An unknown or retired model is asked for at the other deployments of the route before.
     *
     * @param cause {@link FaultCause#CONTEXT_LENGTH}, {@link FaultCause#CONTENT_POLICY}, {@link FaultCause#MODEL_UNKNOWN}
     *     or {@link FaultCause#MODEL_RETIRED}
     * @param to a deployment of this route, or one that serves nothing else
     * @return the changed route
     * @throws IllegalArgumentException if it is another cause, or there already is a fallback for it, or another
     *     deployment of that name
     */
    public Route fallback(FaultCause cause, Deployment to) {
        Deployment other = named(to.name());
        if (other != null && !other.equals(to)) {
            throw new IllegalArgumentException("fallback: another deployment is named " + to.name()
                    + " (expected: that one, or a name of its own; set it with Deployment.named)");
        }
        return withFallback(cause, Fallback.to(to));
    }

    /**
     * Lets a call that fails for a cause ask for another model from then on, at the same deployment first. As with
     * {@link #fallback}, no call does so without this, and it needs {@code LlmProxy.Builder.retry}. A deployment may
     * have another name for that model, too. The answer is not cached.
     *
     * @param cause {@link FaultCause#CONTEXT_LENGTH}, {@link FaultCause#CONTENT_POLICY}, {@link FaultCause#MODEL_UNKNOWN}
     *     or {@link FaultCause#MODEL_RETIRED}
     * @param model the model
     * @return the changed route
     * @throws IllegalArgumentException if it is another cause, or there already is a fallback for it, or no model can be
     *     called so
     */
    public Route fallbackModel(FaultCause cause, String model) {
        return withFallback(
                cause, Fallback.to(ModelName.of("fallbackModel", model, false).text()));
    }

    private Route withFallback(FaultCause cause, Fallback fallback) {
        Map<FaultCause, Fallback> more = Fallback.added(fallbacks, cause, fallback);
        return new Route(from, deployments, more, spread);
    }

    /**
     * Says whether a call may go on at a fallback.
     *
     * @return whether one was set
     */
    public boolean hasFallbacks() {
        return !fallbacks.isEmpty();
    }

    Map<FaultCause, Fallback> fallbacks() {
        return fallbacks;
    }

    /** Returns the deployments, and those that serve as a fallback alone. */
    List<Deployment> all() {
        List<Deployment> all = new ArrayList<>(deployments);
        for (Fallback fallback : fallbacks.values()) {
            Deployment to = fallback.deployment();
            if (to != null && !all.contains(to)) {
                all.add(to);
            }
        }
        return all;
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
        return fallbacks.isEmpty() ? null : Fallback.named(name, fallbacks);
    }

    /** Returns the base URL, the deployments, how calls are spread over them, and the fallbacks. */
    @Override
    public String toString() {
        return from + " to " + deployments + spread + (fallbacks.isEmpty() ? "" : " fallbacks " + fallbacks);
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
         * deployments that are ejected or whose keys are all set aside. Those of a lower {@link Deployment#priority} come
         * first, those of the same one in their order.
         *
         * @param first the deployment that is used as long as it works
         * @param others those that stand in for it, in their order
         * @return the route
         * @throws IllegalArgumentException if two have the same name, or there are more than 64
         */
        public Route failover(Deployment first, Deployment... others) {
            return to(first, others, Spread.failover());
        }

        /**
         * Spreads calls over the deployments so that each is answered soon: of two that chance picks the one goes first
         * whose first token comes sooner, that is less busy for its {@link Deployment#weight}, and that failed less
         * lately. Those of a higher {@link Deployment#priority} serve when the others are ejected.
         *
         * @param first a deployment
         * @param others the others
         * @return the route
         * @throws IllegalArgumentException if two have the same name, or there are more than 64
         */
        public Route balance(Deployment first, Deployment... others) {
            return to(first, others, Spread.balance());
        }

        /**
         * Sends one call after the other to one deployment after the other, to each as often as its
         * {@link Deployment#weight} says. Those that are ejected are passed over.
         *
         * @param first a deployment
         * @param others the others, in their order
         * @return the route
         * @throws IllegalArgumentException if two have the same name, or there are more than 64
         */
        public Route roundRobin(Deployment first, Deployment... others) {
            return to(first, others, Spread.roundRobin());
        }

        /**
         * Spreads calls over the deployments as the application wants it.
         *
         * @param strategy chooses among those that may serve
         * @param first a deployment
         * @param others the others
         * @return the route
         * @throws IllegalArgumentException if two have the same name, or there are more than 64
         */
        public Route by(Strategy strategy, Deployment first, Deployment... others) {
            return to(first, others, Spread.by(strategy));
        }

        private Route to(Deployment first, Deployment[] others, Spread spread) {
            List<Deployment> all = new ArrayList<>(List.of(first));
            all.addAll(List.of(others));
            if (all.size() > MOST_DEPLOYMENTS) {
                throw new IllegalArgumentException(
                        "deployments: " + all.size() + " (expected: at most " + MOST_DEPLOYMENTS + ")");
            }
            Set<String> names = new HashSet<>();
            for (Deployment deployment : all) {
                if (!names.add(deployment.name())) {
                    throw new IllegalArgumentException("deployments: two are named " + deployment.name()
                            + " (expected: names of their own; set them with Deployment.named)");
                }
            }
            all.sort(Comparator.comparingInt(Deployment::priority));
            return new Route(base, List.copyOf(all), Map.of(), spread);
        }
    }
}
