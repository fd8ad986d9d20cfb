package dev.llmproxy.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import okio.ByteString;

/**
 * What was made of the last texts, each known by its digest, in so much memory and no more: some 40 MB. Thread-safe.
 *
 * @param <K> what tells texts apart that are equal
 * @param <V> what was made of one
 */
final class Kept<K, V> {
    // A small schema takes 160 KB, whatever it says, and a large one 27 times its text.
    private static final int SCHEMA = 6 << 10;
    private static final int MOST = 256 * SCHEMA;

    private final Cache<Key<K>, V> known;

    private record Key<K>(K kind, ByteString digest, int length) {}

    /**
     * Keeps nothing yet.
     *
     * @param schemas says how many schemas there are in what was made
     */
    Kept(ToIntFunction<V> schemas) {
        known = Caffeine.newBuilder()
                .maximumWeight(MOST)
                .weigher((Key<K> key, V made) -> key.length + SCHEMA * schemas.applyAsInt(made))
                .executor(Runnable::run)
                .build();
    }

    V of(K kind, ByteString text, Function<ByteString, V> maker) {
        return known.get(new Key<>(kind, text.sha256(), text.size()), key -> maker.apply(text));
    }

    /** Returns how many there are. */
    long size() {
        known.cleanUp();
        return known.estimatedSize();
    }

    @Override
    public String toString() {
        return size() + " kept";
    }
}
