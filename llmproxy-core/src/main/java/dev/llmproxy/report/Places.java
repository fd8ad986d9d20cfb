package dev.llmproxy.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Something for each key, for so many of them; whatever comes later shares few. Thread-safe. */
final class Places<K, V> {
    private final Map<K, V> known = new ConcurrentHashMap<>();
    private final int most;
    private final UnaryOperator<K> others;
    private final Supplier<V> make;

    /**
     * Constructs it with nothing in it.
     *
     * @param most how many keys are kept apart
     * @param others which key a later one is counted under: there have to be few of these
     * @param make makes what there is for a key
     */
    Places(int most, UnaryOperator<K> others, Supplier<V> make) {
        this.most = most;
        this.others = others;
        this.make = make;
    }

    V of(K key) {
        @Nullable V found = known.get(key);
        if (found != null) {
            return found;
        }
        K kept = known.size() < most ? key : others.apply(key);
        return known.computeIfAbsent(kept, k -> make.get());
    }

    Map<K, V> all() {
        return Map.copyOf(known);
    }
}
