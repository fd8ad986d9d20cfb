package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All scenes, by the cause that they reproduce. */
final class FaultScenes {
    private static final List<Supplier<FaultScene>> STAGES = List.of(
            TimeoutScenes::new,
            CorruptionScenes::new,
            AuthenticationScenes::new,
            ConnectionScenes::new,
            ExhaustionScenes::new,
            RequestScenes::new,
            ProviderScenes::new);

    private FaultScenes() {}

    record Play(Supplier<FaultScene> stage, Method scene) {
        FaultScene played() throws ReflectiveOperationException {
            FaultScene played = stage.get();
            try {
                scene.invoke(played);
            } finally {
                played.close();
            }
            return played;
        }

        String file() {
            return scene.getDeclaringClass().getSimpleName() + ".java";
        }
    }

    static Map<FaultCause, Play> all() {
        Map<FaultCause, Play> all = new EnumMap<>(FaultCause.class);
        for (Supplier<FaultScene> stage : STAGES) {
            Class<?> type;
            try (FaultScene scene = stage.get()) {
                type = scene.getClass();
            }
            for (Method method : type.getDeclaredMethods()) {
                Reproduces cause = method.getAnnotation(Reproduces.class);
                if (cause != null && all.put(cause.value(), new Play(stage, method)) != null) {
                    throw new IllegalStateException("two scenes of " + cause.value());
                }
            }
        }
        return all;
    }
}
