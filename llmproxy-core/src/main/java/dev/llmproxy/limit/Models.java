package dev.llmproxy.limit;

import dev.llmproxy.event.CallInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is known of the models at one place; beyond a number of them, they are taken for one. Thread-safe. */
final class Models {
    private static final int MOST = 256;

    private final Map<String, ModelUse> known = new ConcurrentHashMap<>();
    private final ModelUse others = new ModelUse();

    ModelUse of(CallInfo call) {
        String model = call.model().orElse("");
        ModelUse use = known.get(model);
        return use == null ? first(model) : use;
    }

    private ModelUse first(String model) {
        return known.size() < MOST ? known.computeIfAbsent(model, name -> new ModelUse()) : others;
    }

    @Override
    public String toString() {
        return known.size() + " models";
    }
}
