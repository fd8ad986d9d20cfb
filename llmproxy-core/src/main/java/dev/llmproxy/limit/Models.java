package dev.llmproxy.limit;

import dev.llmproxy.event.CallInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is known of the models at one place; beyond a number of them, they are taken for one. Thread-safe. */
final class Models {
    private static final int MOST = 256;

    private final Map<String, ModelUse> known = new ConcurrentHashMap<>();
    private final ModelUse others = new ModelUse("");
    // Most calls ask for the model that the one before asked for.
    private volatile ModelUse last = others;

    ModelUse of(CallInfo call) {
        String model = call.model().orElse("");
        ModelUse guess = last;
        return guess != others && guess.model().equals(model) ? guess : find(model);
    }

    private ModelUse find(String model) {
        ModelUse use = known.get(model);
        ModelUse found = use == null ? first(model) : use;
        last = found;
        return found;
    }

    private ModelUse first(String model) {
        return known.size() < MOST ? known.computeIfAbsent(model, ModelUse::new) : others;
    }

    @Override
    public String toString() {
        return known.size() + " models";
    }
}
