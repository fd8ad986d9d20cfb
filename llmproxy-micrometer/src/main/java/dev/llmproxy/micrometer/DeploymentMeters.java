package dev.llmproxy.micrometer;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.Origin;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.fault.FaultCause.Ejects;
import dev.llmproxy.limit.Limits;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * The meters of what is the state of a deployment and not an event: read when somebody looks. They are there from the
 * first attempt on. Proxies come and go, and no event tells that one is gone: what it has ejected is forgotten some time
 * after it would have been tried again. Thread-safe.
 */
final class DeploymentMeters {
    private static final int MOST_DEPLOYMENTS = 500;
    private static final int MOST_MODELS = 256;
    // So long a call that tries it again may take, and the next one to come.
    private static final long GRACE = Duration.ofMinutes(5).toNanos();

    private final Meters meters;
    // By place the value of its tag.
    private final Map<String, String> places = new ConcurrentHashMap<>();
    private final Set<String> limited = ConcurrentHashMap.newKeySet();
    // Those at one origin share its fate. Until when it is taken for ejected, by the clock of the registry.
    private final Map<Origin, Long> endpoints = new ConcurrentHashMap<>();
    private final Map<Origin, Map<String, Long>> models = new ConcurrentHashMap<>();
    // Not held: whoever makes a proxy anew has no use for the one before.
    private final List<WeakReference<LlmProxy>> watched = new CopyOnWriteArrayList<>();

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
        Long until = endpoints.get(origin);
        return until != null && isAhead(until);
    }

    private double models(Origin origin) {
        return models.getOrDefault(origin, Map.of()).values().stream()
                .filter(this::isAhead)
                .count();
    }

    private boolean isAhead(long until) {
        return until - meters.nanos() > 0;
    }

    void ejected(DeploymentEjected event) {
        meters.counter(LlmMeter.DEPLOYMENTS_EJECTIONS, event.deployment()).increment();
        long until = meters.nanos() + event.rest().toNanos() + GRACE;
        if (event.scope() == Ejects.ENDPOINT) {
            endpoints.put(event.origin(), until);
            return;
        }
        Map<String, Long> at = models.computeIfAbsent(event.origin(), origin -> new ConcurrentHashMap<>());
        if (at.size() < MOST_MODELS || at.containsKey(event.model())) {
            at.put(event.model(), until);
        }
    }

    void readmitted(DeploymentReadmitted event) {
        if (event.scope() == Ejects.ENDPOINT) {
            endpoints.remove(event.origin());
            return;
        }
        Map<String, Long> at = models.get(event.origin());
        if (at != null) {
            at.remove(event.model());
        }
    }

    /** Measures the limits of a proxy, too. */
    void watch(LlmProxy proxy) {
        watched.removeIf(known -> known.get() == null);
        if (watched.stream().noneMatch(known -> known.get() == proxy)) {
            watched.add(new WeakReference<>(proxy));
        }
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
        for (WeakReference<LlmProxy> known : watched) {
            LlmProxy proxy = known.get();
            for (Limits.Use use : proxy == null ? List.<Limits.Use>of() : proxy.limits()) {
                sum += use.place().equals(place) ? value.applyAsDouble(use) : 0;
            }
        }
        return sum;
    }
}
