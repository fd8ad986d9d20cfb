package dev.llmproxy.route;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CredentialHeaders;
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
        Deployment deployment = pick(call, route);
        aim(call, route, deployment);
        return chain.proceed(addressed(request, route, deployment));
    }

    private Deployment pick(CallContext call, Route route) {
        Choice choice = call.choice();
        Deployment last = route.named(choice.deployment());
        if (last != null && choice.taken() != Alternative.DEPLOYMENT) {
            return last;
        }
        Deployment next = next(call, route);
        if (next != null) {
            return next;
        }
        return last != null ? last : route.deployments().get(0);
    }

    // Of those that the call has not tried the first that has a good key, else the first of them.
    private @Nullable Deployment next(CallContext call, Route route) {
        List<String> tried = call.choice().deployments();
        Deployment preferred = route.named(call.choice().preferred());
        if (preferred != null && !tried.contains(preferred.name()) && hasKey(call, preferred)) {
            return preferred;
        }
        Deployment first = null;
        for (Deployment candidate : route.deployments()) {
            if (!tried.contains(candidate.name())) {
                if (hasKey(call, candidate)) {
                    return candidate;
                }
                first = first == null ? candidate : first;
            }
        }
        return first;
    }

    private boolean hasKey(CallContext call, Deployment deployment) {
        return keys.isUsable(call, deployment.name(), deployment.base());
    }

    private static void aim(CallContext call, Route route, Deployment deployment) {
        Choice choice = call.choice();
        String before = choice.deployment();
        choice.among(route.names());
        choice.aimedAt(deployment.name());
        choice.offer(Alternative.DEPLOYMENT, isOneLeft(route, choice.deployments()));
        // Whether it has other keys is said anew, once one was refused.
        choice.offer(Alternative.KEY, false);
        choice.offer(Alternative.TOKEN, false);
        if (!before.isEmpty() && !before.equals(deployment.name())) {
            call.emit(new LlmEvent.FailedOver(call.info(), before, deployment.name(), lastCause(call.faults())));
        }
    }

    private static boolean isOneLeft(Route route, List<String> tried) {
        for (Deployment deployment : route.deployments()) {
            if (!tried.contains(deployment.name())) {
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

    private static LlmRequest addressed(LlmRequest request, Route route, Deployment deployment) {
        LlmRequest.Builder moved = request.toBuilder().url(route.address(request.url(), deployment));
        // What the application signed for its own base URL is nobody else's business.
        return deployment.base().origin().contains(request.url())
                ? moved.build()
                : CredentialHeaders.without(moved.build());
    }

    @Override
    public String toString() {
        return "route";
    }
}
