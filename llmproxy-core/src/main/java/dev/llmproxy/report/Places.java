package dev.llmproxy.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something for each key, for so many of them; whatever comes later shares one. Thread-safe. */
final class Places<K, V> {
    private final Map<K, V> known = new ConcurrentHashMap<>();
    private final int most;
    private final K others;
    private final Supplier<V> make;

    Places(int most, K others, Supplier<V> make) {
        this.most = most;
        this.others = others;
        this.make = make;
    }

    V of(K key) {
        @Nullable V found = known.get(key);
        if (found != null) {
            return found;
        }
        K kept = known.size() < most ? key : others;
        return known.computeIfAbsent(kept, k -> make.get());
    }

    Map<K, V> all() {
        return Map.copyOf(known);
    }
}
