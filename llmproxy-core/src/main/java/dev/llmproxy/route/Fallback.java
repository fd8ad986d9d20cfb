package dev.llmproxy.route;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fault.FaultCause;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call goes on at when it fails for a cause: another deployment or another model.
 *
 * @param deployment the deployment, or null for the one where the call is
 * @param model the model, empty for the one that is asked for
 */
record Fallback(@Nullable Deployment deployment, String model) {
    private static final Set<FaultCause> CAUSES = Collections.unmodifiableSet(EnumSet.of(
            FaultCause.CONTEXT_LENGTH, FaultCause.MODEL_UNKNOWN, FaultCause.MODEL_RETIRED, FaultCause.CONTENT_POLICY));

    static Fallback to(Deployment deployment) {
        return new Fallback(deployment, "");
    }

    static Fallback to(String model) {
        return new Fallback(null, model);
    }

    /** Returns fallbacks with one more. */
    static Map<FaultCause, Fallback> added(Map<FaultCause, Fallback> known, FaultCause cause, Fallback fallback) {
        if (!CAUSES.contains(cause)) {
            throw new IllegalArgumentException("fallback: for " + cause + " (expected: one of " + CAUSES + ")");
        }
        Map<FaultCause, Fallback> more = new EnumMap<>(FaultCause.class);
        more.putAll(known);
        if (more.putIfAbsent(cause, fallback) != null) {
            throw new IllegalArgumentException(
                    "fallback: a second one for " + cause + " (expected: one for each cause)");
        }
        return Collections.unmodifiableMap(more);
    }

    /** Returns the deployment of that name which is one of the fallbacks, or null. */
    static @Nullable Deployment named(String name, Map<FaultCause, Fallback> fallbacks) {
        for (Fallback fallback : fallbacks.values()) {
            if (fallback.deployment != null && fallback.deployment.name().equals(name)) {
                return fallback.deployment;
            }
        }
        return null;
    }

    /** Returns the causes for which a call has somewhere else to go. */
    static Set<FaultCause> open(LlmRequest request, Deployment from, Map<FaultCause, Fallback> fallbacks) {
        Set<FaultCause> causes = EnumSet.noneOf(FaultCause.class);
        fallbacks.forEach((cause, fallback) -> {
            if (fallback.isOpen(request, from)) {
                causes.add(cause);
            }
        });
        return causes;
    }

    private boolean isOpen(LlmRequest request, Deployment from) {
        return deployment == null
                ? Dialect.ofRequest(request).isPresent()
                : !deployment.equals(from) && Addressing.serves(request, deployment);
    }

    /** Returns the fallback that the call has taken last, or null. */
    static @Nullable Fallback taken(Choice choice, Map<FaultCause, Fallback> fallbacks) {
        FaultCause cause = choice.fellBackFor().orElse(null);
        return cause == null ? null : fallbacks.get(cause);
    }

    /** Returns the deployment or the model. */
    @Override
    public String toString() {
        return deployment == null ? "model " + model : deployment.toString();
    }
}
