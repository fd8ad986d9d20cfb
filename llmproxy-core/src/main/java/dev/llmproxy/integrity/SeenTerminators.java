package dev.llmproxy.integrity;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.Origin;
import dev.llmproxy.event.CallInfo;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is known to end streams by a terminator. Servers exist that never do and only say why they stopped; at one that has
 * done so for a model, a stream without it is cut, however finished it looks. Behind one address there may be several: they
 * differ in what they call the model, or in the header that names them. Thread-safe.
 */
final class SeenTerminators {
    private static final String SERVER = "x-inference-provider"; // Hugging Face's
    private static final int MOST_KEPT = 1_024;

    private final Set<Key> seen = ConcurrentHashMap.newKeySet();

    private record Key(Origin origin, String asked, String answered, String server) {
        static Key of(CallInfo call, LlmHeaders headers, String answered) {
            String server = headers.get(SERVER).orElse("");
            return new Key(call.origin(), call.model().orElse(""), answered, server);
        }
    }

    /**
     * Takes a stream that has ended by its terminator.
     *
     * @param answered what the answer calls the model
     */
    void add(CallInfo call, LlmHeaders headers, String answered) {
        // Whoever names a thousand models names them by chance.
        if (seen.size() < MOST_KEPT) {
            seen.add(Key.of(call, headers, answered));
        }
    }

    /** Says whether the terminator of a stream is known to come. */
    boolean areExpected(CallInfo call, LlmHeaders headers, String answered) {
        String host = call.origin().host();
        return host.equals("api.openai.com")
                || host.endsWith(".openai.azure.com")
                || seen.contains(Key.of(call, headers, answered));
    }
}
