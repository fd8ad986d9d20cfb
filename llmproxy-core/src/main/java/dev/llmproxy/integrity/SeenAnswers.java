package dev.llmproxy.integrity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Origin;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for some minutes which answer was given to which request, by the id of the one and a hash of the other: an id
 * that comes again for another body is an answer to somebody else. Thread-safe.
 */
final class SeenAnswers {
    private static final int MOST_KEPT = 4_096;
    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();
    private static final String[] PREFIXES = {"chatcmpl-", "cmpl-", "msg_", "resp_"};
    private static final int LEAST_RANDOM = 16;

    // How old they are is judged by the ticker of the calls.
    private final Cache<Key, Seen> seen =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();

    /**
     * Returns how long ago another request got the answer with this id, or -1; remembers it for this one.
     *
     * @param id the id of the answer; only those that no two answers share are looked at
     * @param sent what it answers
     * @param now nanoseconds of the ticker
     */
    long nanosSinceOther(String id, LlmRequest sent, long now) {
        Seen mine = isTelling(id) ? of(sent, now) : null;
        if (mine == null) {
            return -1;
        }
        Key key = new Key(sent.url().origin(), id);
        Seen before = seen.asMap().putIfAbsent(key, mine);
        if (before == null) {
            return -1;
        }
        if (now - before.at > KEPT_NANOS) {
            seen.put(key, mine);
            return -1;
        }
        return before.isSameRequest(mine) ? -1 : now - before.at;
    }

    // Servers that count have short ones, and so have examples and tests.
    static boolean isTelling(String id) {
        for (String prefix : PREFIXES) {
            if (id.startsWith(prefix)) {
                return id.length() >= prefix.length() + LEAST_RANDOM;
            }
        }
        return false;
    }

    private static @Nullable Seen of(LlmRequest sent, long now) {
        LlmBody body = sent.body().orElse(null);
        if (body == null) {
            return null;
        }
        try {
            return new Seen(body.bytes().hashCode(), body.bytes().size(), now);
        } catch (IOException e) {
            return null;
        }
    }

    private record Key(Origin origin, String id) {}

    private record Seen(int hash, int size, long at) {
        boolean isSameRequest(Seen other) {
            return hash == other.hash && size == other.size;
        }
    }
}
