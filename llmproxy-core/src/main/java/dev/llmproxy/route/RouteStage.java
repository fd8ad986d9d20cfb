package dev.llmproxy.route;

import dev.llmproxy.auth.KeyRings;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.CredentialHeaders;
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
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Picks the deployment of each attempt, and learns from what becomes of it. It never sends again by itself: it says on the
 * call whether there is another.
 */
public final class RouteStage implements Stage, CallContext.End {
    private static final String FAULT = CallOptions.HEADER_PREFIX + "Fault";

    private final Fleets fleets;
    private final Lessons lessons;

    /**
     * Constructs the stage.
     *
     * @param routes the routes
     * @param keys the keys of the deployments, to avoid those that have no good one
     * @param random picks the deployments that are compared; thread-safe
     * @param listeners hear of deployments that are ejected and readmitted, which belongs to no call
     * @param headroom how much of what the limits of a deployment allow is left, above 0 up to 1; asked at each pick
     */
    public RouteStage(
            Routes routes,
            KeyRings keys,
            RandomGenerator random,
            Consumer<LlmEvent> listeners,
            ToDoubleFunction<Deployment> headroom) {
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
        Lane lane = pick(call, fleet, now);
        Deployment deployment = lane.member().deployment();
        aim(call, fleet, deployment);
        lane.begin(isStreaming(call), now);
        call.choice().place(lane);
        return proceed(chain, lane, addressed(request, fleet.route(), deployment));
    }

    private static boolean isStreaming(CallContext call) {
        return call.info().facts().streaming();
    }

    private static Lane pick(CallContext call, Fleet fleet, long now) throws IOException {
        Choice choice = call.choice();
        Lane last = choice.hasTried() ? fleet.named(call, choice.deployment()) : null;
        if (last != null && choice.taken() != Alternative.DEPLOYMENT) {
            return last;
        }
        Lane next = fleet.pick(call, now);
        if (next != null) {
            return next;
        }
        if (last != null) {
            return last;
        }
        throw call.raise(NoDeployment.fault(call, fleet, now));
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

    private static void aim(CallContext call, Fleet fleet, Deployment deployment) {
        Choice choice = call.choice();
        String before = choice.deployment();
        choice.among(fleet.route().names());
        choice.aimedAt(deployment.name());
        choice.offer(Alternative.DEPLOYMENT, fleet.isOneLeft(call));
        // Whether it has other keys is said anew, once one was refused.
        choice.offer(Alternative.KEY, false);
        choice.offer(Alternative.TOKEN, false);
        if (!before.isEmpty() && !before.equals(deployment.name())) {
            call.emit(new LlmEvent.FailedOver(call.info(), before, deployment.name(), lastCause(call.faults())));
        }
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
