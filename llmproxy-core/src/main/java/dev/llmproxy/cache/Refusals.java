package dev.llmproxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Requests that were refused for what they are, for 30 s: who asks the same again gets the same refusal, and nothing is
 * sent. In memory only. Thread-safe.
 */
final class Refusals {
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final int MOST = 1_000;
    private static final long LARGEST = 16 << 10;

    private final Cache<CacheKey, Refusal> refusals;

    private record Refusal(int status, LlmHeaders headers, ByteString body, Fault fault, long at) {}

    Refusals(Ticker ticker) {
        this.refusals = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(KEPT)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** Remembers an error answer, if its fault is one of the request. Its body stays to be read. */
    void remember(CacheKey key, CallContext call, LlmResponse response, Fault fault) {
        if (!fault.cause().shared()) {
            return;
        }
        try {
            if (!response.body().request(LARGEST + 1)) {
                ByteString body = response.body().getBuffer().snapshot();
                LlmHeaders headers = ReplayedHeaders.of(response.headers());
                long now = call.ticker().nanos();
                refusals.put(key, new Refusal(response.code(), headers, compact(body), fault, now));
            }
        } catch (IOException e) {
            // The explanation was cut: whoever reads it finds out.
        }
    }

    private static ByteString compact(ByteString body) {
        return ByteString.of(body.toByteArray());
    }

    /** Returns the same refusal again, and has the call fail by it; null where there is none. */
    @Nullable
    Again find(CacheKey key, CallContext call) {
        Refusal known = refusals.getIfPresent(key);
        if (known == null) {
            return null;
        }
        Duration age = Duration.ofNanos(call.ticker().nanos() - known.at);
        Fault fault = known.fault.toBuilder()
                .mayHaveBilled(false)
                .evidence("remembered for", age.toMillis() + " of " + KEPT.toMillis() + " ms; nothing was sent")
                .build();
        Buffer body = new Buffer().write(known.body);
        LlmResponse answer = LlmResponse.builder(known.status)
                .headers(known.headers)
                .header("X-LlmProxy-Fault", fault.cause().code())
                .body(body, body.size())
                .build();
        return new Again(answer, fault, age);
    }

    /** A refusal that is answered again. */
    record Again(LlmResponse answer, Fault fault, Duration age) {}

    void clear() {
        refusals.invalidateAll();
    }

    void purge(ByteString tenant) {
        refusals.asMap().keySet().removeIf(key -> key.isOf(tenant));
    }

    @Override
    public String toString() {
        return refusals.estimatedSize() + " refusals";
    }
}
