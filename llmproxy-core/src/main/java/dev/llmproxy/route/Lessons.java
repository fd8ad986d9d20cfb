package dev.llmproxy.route;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.fault.FaultFamily;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What attempts teach of the deployments that they were sent to: by what the cause of a failure says, and nothing else. What
 * the application, this process or a budget that is too short is to blame for teaches nothing.
 */
final class Lessons {
    private final Keys keys;
    private final Consumer<LlmEvent> listeners;

    Lessons(Keys keys, Consumer<LlmEvent> listeners) {
        this.keys = keys;
        this.listeners = listeners;
    }

    /**
     * An answer has begun; its end may still be another one.
     *
     * @param streaming whether a stream was asked for
     */
    void answered(Lane lane, Attempt attempt, boolean streaming) {
        Phase sent = attempt.reached(Phase.WAIT) ? Phase.WAIT : Phase.QUEUE;
        Phase first = attempt.reached(Phase.FIRST_TOKEN) ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE;
        long nanos = attempt.nanosBetween(sent, first);
        long now = attempt.markedAt(first);
        if (nanos < 0) {
            lane.firstToken(streaming).leave();
            return;
        }
        lane.firstToken(streaming).came(nanos, now);
        endpointAnswered(lane, attempt, now);
    }

    /** An answer has ended as it should. */
    void ended(Lane lane, Attempt attempt, long now) {
        readmitted(lane, Ejects.MODEL, lane.circuit().succeeded(attempt.startedAt(), now));
    }

    /**
     * A pass has failed.
     *
     * @param attempt the attempt that has, null where nothing was sent
     * @param streaming whether a stream was asked for
     */
    void failed(Lane lane, @Nullable Attempt attempt, boolean streaming, Fault fault, long now) {
        Ejects scope = fault.cause().ejects();
        if (scope == Ejects.KEY || fault.cause().family() == FaultFamily.AUTHENTICATION) {
            keys.doubt();
        }
        lane.remember(fault, now);
        if (attempt == null) {
            return;
        }
        if (attempt.status() > 0 && scope != Ejects.ENDPOINT) {
            endpointAnswered(lane, attempt, now);
        }
        Circuit shut = scope == Ejects.ENDPOINT ? lane.member().endpoint() : lane.circuit();
        if (scope == Ejects.ENDPOINT || scope == Ejects.MODEL) {
            lane.firstToken(streaming).tookAtLeast(now - attempt.startedAt(), now);
            Circuit.Rest rest = shut.failed(fault, attempt.startedAt(), now);
            if (rest != null) {
                ejected(lane, scope, rest);
            }
        }
    }

    private void endpointAnswered(Lane lane, Attempt attempt, long now) {
        readmitted(lane, Ejects.ENDPOINT, lane.member().endpoint().succeeded(attempt.startedAt(), now));
    }

    private void ejected(Lane lane, Ejects scope, Circuit.Rest rest) {
        Deployment deployment = lane.member().deployment();
        listeners.accept(new LlmEvent.DeploymentEjected(
                deployment.name(),
                scope,
                deployment.base().origin(),
                scope == Ejects.MODEL ? lane.model() : "",
                rest.fault().cause(),
                rest.failures(),
                Duration.ofNanos(rest.nanos()),
                rest.number()));
    }

    private void readmitted(Lane lane, Ejects scope, long afterNanos) {
        if (afterNanos >= 0) {
            Deployment deployment = lane.member().deployment();
            listeners.accept(new LlmEvent.DeploymentReadmitted(
                    deployment.name(),
                    scope,
                    deployment.base().origin(),
                    scope == Ejects.MODEL ? lane.model() : "",
                    Duration.ofNanos(afterNanos)));
        }
    }

    @Override
    public String toString() {
        return "lessons";
    }
}
