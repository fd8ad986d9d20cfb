package dev.llmproxy.micrometer;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptStarted;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallStarted;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the calls of a proxy, by the names of {@link LlmMeter}: OpenTelemetry's of generative models, and this library's
 * own.
 *
 * <pre>{@code
 * LlmProxy proxy = LlmProxy.builder().listener(LlmMetrics.on(registry)).build();
 * }</pre>
 *
 * <p>Nothing of a prompt, an answer or a key gets into a name or a tag, and the number of series is bounded whatever
 * requests ask for. A call that is answered costs no allocation here. The model is read from the request, which the proxy
 * does anyway unless {@code Integrity.off()} is set.
 *
 * <p>Thread-safe. There is one for each registry, which serves any number of proxies, also those that are built later; they
 * are added up.
 */
public final class LlmMetrics implements LlmListener {
    private static final int MODELS = 100;

    // A gauge is of the first object that it is made with, so a second one here would be measured by none. A registry
    // holds its own by that gauge, and nothing else does.
    private static final Map<MeterRegistry, WeakReference<LlmMetrics>> BY_REGISTRY = new WeakHashMap<>();

    private final Gauge gauge;
    private final ModelNames models = new ModelNames();
    private final LongAdder active = new LongAdder();
    private final Rows<CallMeters> calls;
    private final Rows<AttemptMeters> attempts;
    private final EventMeters events;
    private final DeploymentMeters deployments;

    private LlmMetrics(MeterRegistry registry) {
        Meters meters = new Meters(registry);
        this.calls = new Rows<>(models, (key, origin) -> new CallMeters(meters, key));
        this.deployments = new DeploymentMeters(meters);
        this.attempts = new Rows<>(models, (key, origin) -> {
            deployments.called(key.place(), origin);
            return new AttemptMeters(meters, key, origin);
        });
        this.events = new EventMeters(meters, deployments);
        this.gauge = meters.gauge(LlmMeter.CALLS_ACTIVE, this, it -> it.active.sum());
    }

    private static LlmMetrics of(MeterRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        synchronized (BY_REGISTRY) {
            WeakReference<LlmMetrics> reference = BY_REGISTRY.get(registry);
            LlmMetrics known = reference == null ? null : reference.get();
            if (known != null && known.isIn(registry)) {
                return known;
            }
            LlmMetrics made = new LlmMetrics(registry);
            BY_REGISTRY.put(registry, new WeakReference<>(made));
            return made;
        }
    }

    // It may have been cleared.
    private boolean isIn(MeterRegistry registry) {
        return registry.getMeters().contains(gauge);
    }

    /**
     * Returns the listener that measures in a registry. The first 100 names of models are told apart, all others are
     * {@value LlmTag#OTHER}, and so is what does not look like the name of a model.
     *
     * @param registry where the meters are
     * @return the listener, the same one for the same registry
     */
    public static LlmMetrics on(MeterRegistry registry) {
        LlmMetrics metrics = of(registry);
        metrics.models.addFirst(MODELS);
        return metrics;
    }

    /**
     * Returns the listener that measures in a registry, for an application whose users choose the model: they cannot use up
     * the names.
     *
     * @param registry where the meters are
     * @param models the names of models that are told apart, in requests and in answers; all others are {@value
     *     LlmTag#OTHER}
     * @return the listener, the same one for the same registry; names that it was given before are told apart, too
     */
    public static LlmMetrics on(MeterRegistry registry, Collection<String> models) {
        List<String> names = List.copyOf(models);
        LlmMetrics metrics = of(registry);
        metrics.models.add(names);
        return metrics;
    }

    /**
     * Measures of a proxy also what has no event: how many calls its limits let run, and how many wait. Called once, when the
     * proxy is built; until that is closed or given up.
     *
     * @param proxy a proxy that has this listener
     * @return this listener
     */
    public LlmMetrics watch(LlmProxy proxy) {
        deployments.watch(Objects.requireNonNull(proxy, "proxy"));
        return this;
    }

    @Override
    public void onEvent(LlmEvent event) {
        if (event instanceof CallStarted) {
            active.increment();
        } else if (event instanceof AttemptStarted started) {
            // Read here: an attempt that several calls share may end after the call that knows the request.
            var unused = started.call().facts();
        } else if (event instanceof AttemptSucceeded answered) {
            attempts(
                            answered.call(),
                            answered.deployment(),
                            answered.origin(),
                            answered.answer().model())
                    .answered(answered);
        } else if (event instanceof AttemptFailed failed) {
            attempts(failed.call(), failed.deployment(), failed.origin(), "").failed(failed);
        } else if (event instanceof CallSucceeded done) {
            ended(done.call(), Outcome.OK, done.duration());
        } else if (event instanceof CallFailed failed) {
            ended(failed.call(), Outcome.ERROR, failed.duration());
            events.callFailed(failed.fault().cause());
        } else if (event instanceof CallCancelled cancelled) {
            ended(cancelled.call(), Outcome.CANCELLED, cancelled.duration());
        } else {
            events.onEvent(event);
        }
    }

    private void ended(CallInfo call, Outcome outcome, Duration lasted) {
        active.decrement();
        RequestFacts facts = call.facts();
        int form = Api.form(facts) | (facts.streaming() ? Api.STREAM : 0);
        calls.of(call.origin(), call.origin(), dialect(call), form, model(facts), "")
                .ended(outcome, lasted);
    }

    private AttemptMeters attempts(CallInfo call, String deployment, Origin origin, String answered) {
        RequestFacts facts = call.facts();
        Object place = deployment.isEmpty() ? origin : deployment;
        return attempts.of(place, origin, dialect(call), Api.form(facts), model(facts), answered);
    }

    private static String dialect(CallInfo call) {
        return call.dialect().orElse("");
    }

    private static String model(RequestFacts facts) {
        return facts.model().orElse("");
    }

    /** Returns what it is. */
    @Override
    public String toString() {
        return "LlmMetrics";
    }
}
