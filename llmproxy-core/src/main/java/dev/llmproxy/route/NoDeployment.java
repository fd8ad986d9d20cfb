package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;

/** The fault of a call that is sent nowhere. */
final class NoDeployment {
    private static final double NANOS_OF_SECOND = 1e9;

    private NoDeployment() {}

    static Fault fault(CallContext call, Fleet fleet, long now) {
        Fault.Builder fault = Fault.builder(FaultCause.NO_DEPLOYMENT)
                .where(call.info().origin().host() + " before attempt " + (call.attemptCount() + 1));
        Lane[] lanes = fleet.lanes(call);
        long due = Long.MAX_VALUE;
        boolean isEachEjected = true;
        for (Lane lane : lanes) {
            Circuit.Rest rest = lane.rest();
            isEachEjected &= rest != null;
            if (rest != null) {
                due = Math.min(due, Math.max(0, lane.dueAt() - now));
                fault.evidence(lane.member().deployment().name(), text(rest, now));
            }
        }
        if (!isEachEjected || !fleet.route().isFailingFast()) {
            return fault.summary(
                            "the strategy of the route from " + fleet.route().base() + " has chosen no deployment")
                    .remedy("let the Strategy choose one of its candidates, if this call should have been sent")
                    .build();
        }
        return fault.summary("all deployments of the route from "
                        + fleet.route().base() + " are ejected, and it is set to fail fast")
                .retryAfter(Duration.ofNanos(due))
                .remedy("look at why they fail: the evidence names the causes")
                .remedy("add a deployment at another provider to the route")
                .build();
    }

    private static String text(Circuit.Rest rest, long now) {
        long seconds = Math.round((now - rest.since()) / NANOS_OF_SECOND);
        return "ejected for " + seconds + " s: " + rest.fault().cause().code() + ", " + rest.failures() + " failures";
    }
}
