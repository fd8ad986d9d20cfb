package dev.llmproxy.route;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Picks the deployment of each attempt. It never sends again by itself: it says on the call whether there is another. */
public final class RouteStage implements Stage {
    private final Routes routes;
    private final KeyRings keys;
    private final Addressing addressing = new Addressing();

    /**
     * Constructs the stage.
     *
     * @param routes the routes
     * @param keys the keys of the deployments, to avoid those that have no good one
     */
    public RouteStage(Routes routes, KeyRings keys) {
        this.routes = Objects.requireNonNull(routes, "routes");
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        Route route = routes.of(request.url());
        if (route == null) {
            return chain.proceed(request);
        }
        CallContext call = chain.call();
        Deployment deployment = pick(call, request, route);
        aim(call, request, route, deployment);
        return chain.proceed(addressing.addressed(call, request, route, deployment));
    }

    private Deployment pick(CallContext call, LlmRequest request, Route route) {
        Choice choice = call.choice();
        Deployment standIn = standIn(choice, route);
        if (standIn != null && choice.taken() == Alternative.FALLBACK) {
            return standIn;
        }
        Deployment last = route.named(choice.deployment());
        if (last != null && choice.taken() != Alternative.DEPLOYMENT) {
            return last;
        }
        Deployment next = next(call, request, route);
        if (next != null) {
            return next;
        }
        return last != null ? last : route.deployments().get(0);
    }

    // The deployment at which the call has fallen back last, or null.
    private static @Nullable Deployment standIn(Choice choice, Route route) {
        Fallback taken = route.hasFallbacks() ? Fallback.taken(choice, route.fallbacks()) : null;
        return taken == null ? null : taken.deployment();
    }

    // Of those that serve the call and have not been tried the first that has a good key, else the first of them.
    private @Nullable Deployment next(CallContext call, LlmRequest request, Route route) {
        List<String> tried = call.choice().deployments();
        Deployment preferred = route.named(call.choice().preferred());
        if (preferred != null && isOpen(request, preferred, tried) && hasKey(call, preferred)) {
            return preferred;
        }
        Deployment first = null;
        for (Deployment candidate : route.deployments()) {
            if (isOpen(request, candidate, tried)) {
                if (hasKey(call, candidate)) {
                    return candidate;
                }
                first = first == null ? candidate : first;
            }
        }
        return first;
    }

    private static boolean isOpen(LlmRequest request, Deployment deployment, List<String> tried) {
        return !tried.contains(deployment.name()) && Addressing.serves(request, deployment);
    }

    private boolean hasKey(CallContext call, Deployment deployment) {
        return keys.isUsable(call, deployment.name(), deployment.base());
    }

    private static void aim(CallContext call, LlmRequest request, Route route, Deployment deployment) {
        Choice choice = call.choice();
        String before = choice.deployment();
        choice.among(route.names());
        choice.aimedAt(deployment.name());
        // What was named for a cause is left for nothing else.
        boolean settled = deployment.equals(standIn(choice, route));
        choice.offer(Alternative.DEPLOYMENT, !settled && isOneLeft(request, route, choice.deployments()));
        // Whether it has other keys is said anew, once one was refused.
        choice.offer(Alternative.KEY, false);
        choice.offer(Alternative.TOKEN, false);
        if (route.hasFallbacks()) {
            choice.offerFallbacks(Fallback.open(request, deployment, route.fallbacks()));
        }
        if (choice.taken() == Alternative.FALLBACK) {
            call.emit(fellBack(call, route, before, deployment));
        } else if (!before.isEmpty() && !before.equals(deployment.name())) {
            call.emit(new LlmEvent.FailedOver(call.info(), before, deployment.name(), lastCause(call.faults())));
        }
    }

    private static LlmEvent fellBack(CallContext call, Route route, String before, Deployment deployment) {
        Fallback taken = Fallback.taken(call.choice(), route.fallbacks());
        String model = taken == null ? "" : taken.model();
        return new LlmEvent.FellBack(call.info(), before, deployment.name(), model, lastCause(call.faults()));
    }

    private static boolean isOneLeft(LlmRequest request, Route route, List<String> tried) {
        for (Deployment deployment : route.deployments()) {
            if (isOpen(request, deployment, tried)) {
                return true;
            }
        }
        return false;
    }

    private static FaultCause lastCause(List<Fault> faults) {
        return faults.isEmpty()
                ? FaultCause.UNKNOWN
                : faults.get(faults.size() - 1).cause();
    }

    @Override
    public String toString() {
        return "route";
    }
}
