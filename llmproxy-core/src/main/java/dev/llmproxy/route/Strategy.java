package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import java.util.List;
import java.util.Optional;

/**
 * An application's own way to spread calls over the deployments of a route. Whether a deployment may serve at all is decided
 * before: those that are ejected, have no good key or have failed in this call are not among the candidates, unless there is
 * no other.
 */
@FunctionalInterface
public interface Strategy {
    /**
     * Chooses where the next attempt of a call goes. Called on the thread of the call, by many at once; what it throws
     * fails the call.
     *
     * @param call the call: its request, its tenant, its attempts so far
     * @param candidates where it may go, at least one, by priority and then in the order of the route
     * @return one of them, or nothing to refuse the call: it fails with {@code local.no-deployment}
     */
    Optional<Candidate> choose(CallContext call, List<Candidate> candidates);
}
