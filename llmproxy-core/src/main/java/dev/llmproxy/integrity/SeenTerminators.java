package dev.llmproxy.integrity;

import dev.llmproxy.call.Origin;
import dev.llmproxy.event.CallInfo;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is known to end streams by a terminator. Servers exist that never do and only say why they stopped; at one that has
 * done so for a model, a stream without it is cut, however finished it looks. Thread-safe.
 */
final class SeenTerminators {
    private static final int MOST_KEPT = 1_024;

    private final Set<Key> seen = ConcurrentHashMap.newKeySet();

    private record Key(Origin origin, String model) {
        static Key of(CallInfo call) {
            return new Key(call.origin(), call.model().orElse(""));
        }
    }

    /** Takes a stream that has ended by its terminator. */
    void add(CallInfo call) {
        // Whoever names a thousand models names them by chance.
        if (seen.size() < MOST_KEPT) {
            seen.add(Key.of(call));
        }
    }

    /** Says whether the terminator of a stream is known to come. */
    boolean areExpected(CallInfo call) {
        String host = call.origin().host();
        return host.equals("api.openai.com") || host.endsWith(".openai.azure.com") || seen.contains(Key.of(call));
    }
}
