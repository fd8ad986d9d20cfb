package dev.llmproxy.micrometer;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.Origin;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.limit.Limits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * The meters of what is the state of a deployment and not an event: read when somebody looks. They are there from the first
 * attempt on. Thread-safe.
 */
final class DeploymentMeters {
    private static final int MOST_DEPLOYMENTS = 500;
    private static final int MOST_MODELS = 256;

    private final Meters meters;
    // By place the value of its tag.
    private final Map<String, String> places = new ConcurrentHashMap<>();
    private final Set<String> limited = ConcurrentHashMap.newKeySet();
    // Those at one origin share its fate.
    private final Set<Origin> endpoints = ConcurrentHashMap.newKeySet();
    private final Map<Origin, Set<String>> models = new ConcurrentHashMap<>();
    private final List<LlmProxy> watched = new CopyOnWriteArrayList<>();

    DeploymentMeters(Meters meters) {
        this.meters = meters;
    }

    /** Makes the meters of a place that is called; called again for each model. */
    void called(Object place, Origin origin) {
        boolean named = !(place instanceof Origin);
        String name = named ? place.toString() : origin.host();
        if (place.equals(LlmTag.OTHER)
                || places.size() >= MOST_DEPLOYMENTS
                || places.putIfAbsent(place.toString(), name) != null) {
            return;
        }
        if (named) {
            meters.counter(LlmMeter.DEPLOYMENTS_EJECTIONS, name).increment(0);
            meters.gauge(LlmMeter.DEPLOYMENTS_EJECTED, this, it -> it.isEjected(origin) ? 1 : 0, name, "endpoint");
            meters.gauge(LlmMeter.DEPLOYMENTS_EJECTED, this, it -> it.models(origin), name, "model");
        }
        if (!watched.isEmpty()) {
            limit(place.toString(), name);
        }
    }

    private boolean isEjected(Origin origin) {
        return endpoints.contains(origin);
    }

    private double models(Origin origin) {
        Set<String> ejected = models.get(origin);
        return ejected == null ? 0 : ejected.size();
    }

    void ejected(DeploymentEjected event) {
        meters.counter(LlmMeter.DEPLOYMENTS_EJECTIONS, event.deployment()).increment();
        if (event.scope() == Ejects.ENDPOINT) {
            endpoints.add(event.origin());
            return;
        }
        Set<String> at = models.computeIfAbsent(event.origin(), origin -> ConcurrentHashMap.newKeySet());
        if (at.size() < MOST_MODELS) {
            at.add(event.model());
        }
    }

    void readmitted(DeploymentReadmitted event) {
        if (event.scope() == Ejects.ENDPOINT) {
            endpoints.remove(event.origin());
            return;
        }
        Set<String> at = models.get(event.origin());
        if (at != null) {
            at.remove(event.model());
        }
    }

    /** Measures the limits of a proxy, too. */
    void watch(LlmProxy proxy) {
        watched.add(proxy);
        places.forEach(this::limit);
    }

    private void limit(String place, String deployment) {
        if (limited.add(place)) {
            gauge(LlmMeter.LIMITS_RUNNING, place, deployment, Limits.Use::running);
            gauge(LlmMeter.LIMITS_MOST, place, deployment, Limits.Use::most);
            gauge(LlmMeter.LIMITS_WAITING, place, deployment, Limits.Use::waiting);
        }
    }

    private void gauge(LlmMeter meter, String place, String deployment, ToDoubleFunction<Limits.Use> value) {
        meters.gauge(meter, this, it -> it.sum(place, value), deployment);
    }

    private double sum(String place, ToDoubleFunction<Limits.Use> value) {
        double sum = 0;
        for (LlmProxy proxy : watched) {
            for (Limits.Use use : proxy.limits()) {
                sum += use.place().equals(place) ? value.applyAsDouble(use) : 0;
            }
        }
        return sum;
    }
}
