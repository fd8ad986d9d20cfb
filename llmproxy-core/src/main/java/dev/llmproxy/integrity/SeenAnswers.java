package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for some minutes which answer was given to which request, by the id of the one and a hash of the other: an id
 * that comes again for another body is an answer to somebody else. Of many answers it knows the last ones. Thread-safe.
 */
final class SeenAnswers {
    /** So many of the last answers are remembered, and up to twice as many. */
    static final int KEPT = 4_096;

    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();
    private static final String[] PREFIXES = {"chatcmpl-", "cmpl-", "msg_", "resp_"};
    private static final int LEAST_RANDOM = 16;

    // A cache that weighs what is asked for often would not keep the new ones: hardly any id is ever asked for again.
    private volatile ConcurrentMap<Key, Seen> recent = new ConcurrentHashMap<>();
    private volatile ConcurrentMap<Key, Seen> before = new ConcurrentHashMap<>();

    /**
     * Returns how long ago another request got the answer with this id, or -1; remembers it for this one.
     *
     * @param id the id of the answer; only those that no two answers share are looked at
     * @param asked what it answers
     * @param now nanoseconds of the ticker
     */
    long nanosSinceOther(String id, Asked asked, long now) {
        if (!isTelling(id)) {
            return -1;
        }
        Seen mine = new Seen(asked.hash, asked.size, now);
        Seen first = firstOf(new Key(asked.origin, id), mine);
        return first == null || first.isSameRequest(mine) ? -1 : now - first.at;
    }

    /** Returns what has had this id before, or null: then it is remembered for this one. */
    private @Nullable Seen firstOf(Key key, Seen mine) {
        Seen known = before.get(key);
        if (known == null || known.isLongBefore(mine)) {
            known = recent.putIfAbsent(key, mine);
        }
        if (known != null && known.isLongBefore(mine)) {
            recent.put(key, mine);
            known = null;
        }
        if (known == null && recent.size() >= KEPT) {
            forgetTheOldest();
        }
        return known;
    }

    private synchronized void forgetTheOldest() {
        if (recent.size() >= KEPT) {
            before = recent;
            recent = new ConcurrentHashMap<>();
        }
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

    /** What is remembered of a request. */
    record Asked(Origin origin, int hash, int size) {
        /** Returns what tells a request from others, or null where it has no body that can be read again. */
        static @Nullable Asked of(LlmRequest sent) {
            LlmBody body = sent.body().orElse(null);
            if (body == null) {
                return null;
            }
            try {
                return new Asked(
                        sent.url().origin(),
                        BodySum.of(body.bytes()),
                        body.bytes().size());
            } catch (IOException e) {
                return null;
            }
        }
    }

    // How old they are is judged by the ticker of the calls.
    private record Seen(int hash, int size, long at) {
        boolean isSameRequest(Seen other) {
            return hash == other.hash && size == other.size;
        }

        boolean isLongBefore(Seen other) {
            return other.at - at > KEPT_NANOS;
        }
    }

    private record Key(Origin origin, String id) {
        // Compared while the first event of a stream is waited for; the id alone is random.
        @Override
        public int hashCode() {
            return id.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && id.equals(that.id) && origin.equals(that.origin);
        }
    }
}
