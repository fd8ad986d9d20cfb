package dev.llmproxy.route;

import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause.Ejects;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one model at one deployment. Thread-safe. */
final class Lane {
    private static final double WEIGHT_OF_FAILURE = 10;
    // As if it had failed just now as often as it takes to be shut.
    private static final double LEAST_OF_SHUT = 4;
    // Of two that have nothing left the better one is still to be told.
    private static final double LEAST_HEADROOM = 0.01;

    private final Member member;
    private final String model;
    private final Circuit circuit;
    private final FirstToken ofStreams = new FirstToken();
    private final FirstToken ofPlain = new FirstToken();
    private final Failures failures = new Failures();

    Lane(Member member, String model, Circuit circuit) {
        this.member = member;
        this.model = model;
        this.circuit = circuit;
    }

    Member member() {
        return member;
    }

    String model() {
        return model;
    }

    Circuit circuit() {
        return circuit;
    }

    FirstToken firstToken(boolean streaming) {
        return streaming ? ofStreams : ofPlain;
    }

    /** An attempt is about to be sent. */
    void begin(boolean streaming, long now) {
        member.begin();
        firstToken(streaming).begin(now);
    }

    boolean isOpen() {
        return member.endpoint().isOpen() && circuit.isOpen();
    }

    /** Gives out the permit to try it again, where it is due. */
    boolean tryAgain(long now, boolean urgent) {
        // Both, or none.
        return member.endpoint().isOpen()
                ? circuit.tryAgain(now, urgent)
                : (circuit.isOpen() || circuit.isDue(now, urgent))
                        && member.endpoint().tryAgain(now, urgent)
                        && circuit.tryAgain(now, urgent);
    }

    /** Returns why calls stay away, null where they do not. */
    Circuit.@Nullable Rest rest() {
        Circuit.Rest ofEndpoint = member.endpoint().rest();
        return ofEndpoint != null ? ofEndpoint : circuit.rest();
    }

    /** Returns when it may be tried again, where there is nothing else. */
    long dueAt() {
        return member.endpoint().isOpen() ? circuit.dueAt() : member.endpoint().dueAt();
    }

    /** Says whether its limits let a call in at once. */
    boolean hasRoom(long now) {
        return headroom(now) > 0;
    }

    double headroom(long now) {
        return member.headroom(now);
    }

    double failuresLately(long now) {
        double lately = failures.lately(now) + member.failures().lately(now);
        return isOpen() ? lately : Math.max(LEAST_OF_SHUT, lately);
    }

    void remember(Fault fault, long now) {
        Ejects scope = fault.cause().ejects();
        if (scope == Ejects.ENDPOINT) {
            member.failures().add(now);
        } else if (scope != Ejects.NOTHING) {
            failures.add(now);
        }
    }

    /**
     * Returns what speaks against it, but for how long its first token takes.
     *
     * @param share its weight, as a multiple of the mean
     * @param headroom how much is left of its limits
     */
    double burden(double share, double headroom, long now) {
        double load = 1 + member.inFlight() / share;
        double warmth = Math.min(member.endpoint().warmth(now), circuit.warmth(now));
        double left = Math.max(LEAST_HEADROOM, headroom);
        return load * (1 + WEIGHT_OF_FAILURE * failuresLately(now)) / (warmth * left);
    }

    DeploymentState state() {
        Duration streamed = ofStreams.measured();
        Circuit.Rest why = rest();
        return new DeploymentState(
                member.deployment().name(),
                model,
                member.inFlight(),
                streamed.isZero() ? ofPlain.measured() : streamed,
                why == null ? Optional.empty() : Optional.of(why.fault().cause()),
                why == null ? 0 : why.failures(),
                why == null ? Duration.ZERO : Duration.ofNanos(why.nanos()));
    }

    @Override
    public String toString() {
        return member.deployment().name() + (model.isEmpty() ? "" : " " + model);
    }
}
