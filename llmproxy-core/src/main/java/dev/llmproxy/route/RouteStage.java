package dev.llmproxy.route;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks the deployment of each attempt, and learns from what becomes of it. It never sends again by itself: it says on the
 * call whether there is another.
 */
public final class RouteStage implements Stage, CallContext.End {
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";

    private final Fleets fleets;
    private final Lessons lessons;
    private final Addressing addressing = new Addressing();

    /** Knows how much of what the limits of a deployment allow is left. */
    @FunctionalInterface
    public interface Headroom {
        /**
         * Returns how much is left.
         *
         * @param deployment the deployment
         * @param now nanoseconds of the proxy's ticker
         * @return from 0, for nothing, to 1
         */
        double left(Deployment deployment, long now);
    }

    /**
     * Constructs the stage.
     *
     * @param routes the routes
     * @param keys the keys of the deployments, to avoid those that have no good one
     * @param random picks the deployments that are compared; thread-safe
     * @param listeners hear of deployments that are ejected and readmitted, which belongs to no call
     * @param headroom how much of what the limits of a deployment allow is left; asked at each pick
     */
    public RouteStage(
            Routes routes, KeyRings keys, RandomGenerator random, Consumer<LlmEvent> listeners, Headroom headroom) {
        GoodKeys good = new GoodKeys(Objects.requireNonNull(keys, "keys"));
        this.fleets = new Fleets(
                Objects.requireNonNull(routes, "routes"),
                good,
                Objects.requireNonNull(random, "random"),
                Objects.requireNonNull(headroom, "headroom"));
        this.lessons = new Lessons(good, Objects.requireNonNull(listeners, "listeners"));
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        Fleet fleet = fleets.of(request.url());
        if (fleet == null) {
            return chain.proceed(request);
        }
        CallContext call = chain.call();
        // Of a pass that somebody has begun anew without a failure.
        ended(call);
        long now = call.ticker().nanos();
        Lane picked = pick(call, request, fleet, now);
        call.choice().decidedAt(now);
        Deployment deployment = picked.member().deployment();
        aim(call, request, fleet, deployment);
        LlmRequest addressed = addressing.addressed(call, request, fleet.route(), deployment);
        Lane lane = asked(call, picked);
        lane.begin(isStreaming(call), now);
        call.choice().place(lane);
        return proceed(chain, lane, addressed);
    }

    private static boolean isStreaming(CallContext call) {
        return call.info().facts().streaming();
    }

    // A fallback may have put another model in the place of the one that was looked at.
    private static Lane asked(CallContext call, Lane picked) {
        String model = call.choice().model();
        return model.isEmpty() || model.equals(picked.model())
                ? picked
                : picked.member().lane(model);
    }

    private static Lane pick(CallContext call, LlmRequest request, Fleet fleet, long now) throws IOException {
        Choice choice = call.choice();
        Deployment standIn = standIn(choice, fleet.route());
        if (standIn != null && choice.taken() == Alternative.FALLBACK) {
            Lane fallback = fleet.named(call, standIn.name());
            if (fallback != null) {
                return fallback;
            }
        }
        Lane last = choice.hasTried() ? fleet.named(call, choice.deployment()) : null;
        if (last != null && choice.taken() != Alternative.DEPLOYMENT) {
            return last;
        }
        Lane next = fleet.pick(call, request, now);
        if (next != null) {
            return next;
        }
        // Where there is another one, a strategy has refused it.
        if (last != null && !fleet.isOneLeft(call, request)) {
            return last;
        }
        throw call.raise(NoDeployment.fault(call, fleet, now));
    }

    // The deployment at which the call has fallen back last, or null.
    private static @Nullable Deployment standIn(Choice choice, Route route) {
        Fallback taken = route.hasFallbacks() ? Fallback.taken(choice, route.fallbacks()) : null;
        return taken == null ? null : taken.deployment();
    }

    private LlmResponse proceed(Chain chain, Lane lane, LlmRequest request) throws IOException {
        CallContext call = chain.call();
        int before = call.faults().size();
        boolean answered = false;
        try {
            LlmResponse response = chain.proceed(request);
            answered = call.faults().size() == before || !response.headers().contains(FAULT);
            return response;
        } finally {
            if (answered) {
                answered(call, lane);
            } else {
                failed(call, lane, before);
            }
        }
    }

    private void answered(CallContext call, Lane lane) {
        Attempt attempt = call.lastAttempt();
        if (attempt == null) {
            lane.firstToken(isStreaming(call)).leave();
        } else {
            lessons.answered(lane, attempt, isStreaming(call));
        }
        call.onEnd(this);
    }

    private void failed(CallContext call, Lane lane, int before) {
        leave(call, lane);
        lane.firstToken(isStreaming(call)).leave();
        List<Fault> faults = call.faults();
        if (faults.size() > before) {
            Fault fault = faults.get(faults.size() - 1);
            Attempt last = call.lastAttempt();
            Attempt sent = last != null && fault.equals(last.fault()) ? last : null;
            long now = sent == null ? call.ticker().nanos() : sent.markedAt(Phase.END);
            lessons.failed(lane, sent, isStreaming(call), fault, now);
        }
    }

    /** The body of the answer has ended, whatever the application made of it. */
    @Override
    public void ended(CallContext call) {
        if (!(call.choice().place() instanceof Lane lane)) {
            return;
        }
        leave(call, lane);
        Attempt attempt = call.lastAttempt();
        if (attempt == null || attempt.isOpen()) {
            return;
        }
        Fault fault = attempt.fault();
        if (fault == null) {
            lessons.ended(lane, attempt, attempt.markedAt(Phase.END));
        } else {
            lessons.failed(lane, attempt, isStreaming(call), fault, attempt.markedAt(Phase.END));
        }
    }

    private static void leave(CallContext call, Lane lane) {
        call.choice().place(null);
        lane.member().end();
    }

    private static void aim(CallContext call, LlmRequest request, Fleet fleet, Deployment deployment) {
        Choice choice = call.choice();
        Route route = fleet.route();
        String before = choice.deployment();
        choice.among(route.names());
        choice.aimedAt(deployment.name());
        // What was named for a cause is left for nothing else.
        boolean settled = deployment.equals(standIn(choice, route));
        choice.offer(Alternative.DEPLOYMENT, !settled && fleet.isOneLeft(call, request));
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

    private static FaultCause lastCause(List<Fault> faults) {
        return faults.isEmpty()
                ? FaultCause.UNKNOWN
                : faults.get(faults.size() - 1).cause();
    }

    /**
     * Returns how the deployments are now.
     *
     * @return by deployment, in the order of the routes, and model
     */
    public List<DeploymentState> states() {
        return fleets.members().stream()
                .flatMap(member -> member.states().stream())
                .toList();
    }

    @Override
    public String toString() {
        return "route";
    }
}
