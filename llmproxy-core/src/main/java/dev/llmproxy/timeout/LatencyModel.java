package dev.llmproxy.timeout;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what is known of answers that are alike; of at most 256 kinds, the least recently used ones are forgotten. */
final class LatencyModel {
    static final int MOST_KEYS = 256;
    private static final int LONGEST_MODEL = 128;

    private final Map<LatencyKey, Latency> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LatencyKey, Latency> eldest) {
            return size() > MOST_KEYS;
        }
    };

    // What was asked for last, which is the most recently used one already: most calls go where the one before went.
    private volatile @Nullable Latency last;

    /** Returns what is known of such answers; a name that is longer than any model's stands for no model. */
    Latency of(Object place, @Nullable String model, boolean streaming, long maxTokens) {
        String name = model == null || model.length() > LONGEST_MODEL ? null : model;
        LatencyKey key = LatencyKey.of(place, name, streaming, name == null ? 0 : maxTokens);
        Latency before = last;
        return before != null && before.key().equals(key) ? before : use(key);
    }

    private Latency use(LatencyKey key) {
        synchronized (known) {
            Latency found = find(key);
            last = found;
            return found;
        }
    }

    private Latency find(LatencyKey key) {
        Latency found = known.get(key);
        if (found != null) {
            return found;
        }
        LatencyKey parent = key.parent();
        Latency added = new Latency(key, parent == null ? null : find(parent));
        known.put(key, added);
        return added;
    }

    int size() {
        synchronized (known) {
            return known.size();
        }
    }

    @Override
    public String toString() {
        return size() + " kinds of answers";
    }
}
