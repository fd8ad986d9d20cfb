package dev.llmproxy.health;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Answers after a while and keeps when it did: on a machine that is crowded a provider that runs there as well may be late
 * itself, and then it is not the caller's process that is to blame. Thread-safe.
 */
final class PunctualProvider implements Function<ReceivedRequest, Reply> {
    private final Reply reply;
    private final long afterNanos;
    private final Map<String, Long> answeredAt = new ConcurrentHashMap<>();

    PunctualProvider(Reply reply, Duration after) {
        this.reply = reply;
        this.afterNanos = after.toNanos();
    }

    @Override
    public Reply apply(ReceivedRequest request) {
        long until = Ticker.system().nanos() + afterNanos;
        for (long left = afterNanos; left > 0; left = until - Ticker.system().nanos()) {
            Ticker.system().park(left);
        }
        // The thread that runs here writes the answer next.
        answeredAt.put(request.target(), Ticker.system().nanos());
        return reply;
    }

    /** Returns when the answer to a request was about to be written, if it was. */
    OptionalLong answeredAt(String target) {
        Long at = answeredAt.get(target);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    void forget() {
        answeredAt.clear();
    }
}
