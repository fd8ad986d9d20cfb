package dev.llmproxy.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A store in a map, which fails when it is told to, and keeps what it was asked. */
final class MapStore implements CacheStore {
    /** Answers who asks for a lease. */
    @FunctionalInterface
    interface Leasing {
        Optional<Lease> lease(CacheKey key) throws IOException;
    }

    final Map<CacheKey, CachedAnswer> answers = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile @Nullable IOException failure;
    volatile Leasing leasing = key -> Optional.of(lease());

    /** Returns a lease that tells when it is closed. */
    Lease lease() {
        return () -> asked.add("close");
    }

    long count(String what) {
        return asked.stream().filter(what::equals).count();
    }

    @Override
    public ByteString secret() {
        return ByteString.encodeUtf8("0123456789abcdef0123456789abcdef");
    }

    @Override
    public Optional<CachedAnswer> get(CacheKey key) throws IOException {
        ask("get");
        return Optional.ofNullable(answers.get(key));
    }

    @Override
    public void put(CacheKey key, CachedAnswer answer, Duration keep) throws IOException {
        ask("put");
        answers.put(key, answer);
    }

    @Override
    public void purge(ByteString tenant) throws IOException {
        ask("purge");
        answers.keySet().removeIf(key -> key.isOf(tenant));
    }

    @Override
    public void clear() throws IOException {
        ask("clear");
        answers.clear();
    }

    @Override
    public Optional<Lease> lease(CacheKey key, Duration longest) throws IOException {
        ask("lease");
        return leasing.lease(key);
    }

    private void ask(String what) throws IOException {
        asked.add(what);
        IOException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }
}
