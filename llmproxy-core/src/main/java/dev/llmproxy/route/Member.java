package dev.llmproxy.route;

import dev.llmproxy.event.DeploymentState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;

/** What is known of one deployment, whichever routes lead to it. Thread-safe. */
final class Member {
    private static final AtomicIntegerFieldUpdater<Member> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Member.class, "inFlight");
    private static final int MOST_MODELS = 256;
    private static final int LONGEST_NAME = 128;

    private final Deployment deployment;
    private final Circuit endpoint;
    private final Function<String, Circuit> models;
    private final LongToDoubleFunction headroom;
    private final Failures failures = new Failures();
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private volatile int inFlight;

    /**
     * Constructs what is known of a deployment.
     *
     * @param endpoint of its origin, shared by all that are there
     * @param models that of each model at the origin, shared, too
     * @param headroom how much of what its limits allow is left at a time
     */
    Member(Deployment deployment, Circuit endpoint, Function<String, Circuit> models, LongToDoubleFunction headroom) {
        this.deployment = deployment;
        this.endpoint = endpoint;
        this.models = models;
        this.headroom = headroom;
    }

    Deployment deployment() {
        return deployment;
    }

    Circuit endpoint() {
        return endpoint;
    }

    Failures failures() {
        return failures;
    }

    double headroom(long now) {
        return headroom.applyAsDouble(now);
    }

    int inFlight() {
        return inFlight;
    }

    void begin() {
        IN_FLIGHT.incrementAndGet(this);
    }

    void end() {
        IN_FLIGHT.decrementAndGet(this);
    }

    /** Returns what is known of a model that an application asks for, by the name that it has there. */
    Lane laneOf(String asked) {
        ModelName here = deployment.modelFor(asked);
        return lane(here == null ? asked : here.text());
    }

    /** Returns what is known of a model there; of very many models those after the first share one. */
    Lane lane(String model) {
        Lane known = lanes.get(model);
        return known != null ? known : newLane(model);
    }

    private Lane newLane(String model) {
        String name = model.length() > LONGEST_NAME || lanes.size() >= MOST_MODELS ? "" : model;
        return lanes.computeIfAbsent(name, added -> new Lane(this, added, models.apply(added)));
    }

    /** Returns how it is with each model that was asked for. */
    List<DeploymentState> states() {
        return lanes.isEmpty()
                ? List.of(new Lane(this, "", models.apply("")).state())
                : lanes.values().stream()
                        .sorted(Comparator.comparing(Lane::model))
                        .map(Lane::state)
                        .toList();
    }

    @Override
    public String toString() {
        return deployment + ", " + inFlight + " in flight";
    }
}
