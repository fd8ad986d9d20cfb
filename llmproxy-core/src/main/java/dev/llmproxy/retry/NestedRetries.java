package dev.llmproxy.retry;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Nanos;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Notices that another layer repeats a call, too: an SDK that says so, an application that asks the same again right
 * after it got a fault, an HTTP client that sends more than it was told to. Looks only at calls that fail. Thread-safe.
 */
final class NestedRetries {
    private static final String SDK_COUNT = "X-Stainless-Retry-Count";
    // Longer than the longest back-off of the SDKs and wrappers that are known.
    private static final long LATELY = Duration.ofSeconds(20).toNanos();
    private static final int MOST_KEPT = 512;
    private static final int MOST_DIGITS = 4;

    private final Map<ByteString, Returned> returned = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Returned> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Returned(long at, long sent) {}

    /** Looks for another layer that repeats this call. */
    @Nullable
    Nesting around(CallContext call) {
        Returned before = before(call);
        long sent = call.attemptCount() + (before == null ? 0 : before.sent);
        int bySdk = sdkRetries(call);
        if (bySdk > 0) {
            return new Nesting(
                    "the SDK above, which says so (" + SDK_COUNT + ": " + bySdk + ")",
                    true,
                    Math.max(sent, bySdk + (long) call.attemptCount()),
                    sdkRemedy(call));
        }
        if (before != null) {
            return new Nesting(
                    "the application or an SDK above: the same request came again within " + Nanos.text(LATELY)
                            + " of its fault",
                    true,
                    sent,
                    "switch off the retries around the call (LangChain4j and SDKs: maxRetries(0)), or those of llmproxy");
        }
        return below(call);
    }

    private static @Nullable Nesting below(CallContext call) {
        Attempt last = call.attemptCount() == 0 ? null : call.attempts().get(call.attemptCount() - 1);
        if (last == null || last.sending().wireAttempts() <= 1) {
            return null;
        }
        return new Nesting(
                "the HTTP client below, which sent one attempt "
                        + last.sending().wireAttempts() + " times",
                false,
                last.sending().wireAttempts(),
                "bind the whole client, or switch off its retries (OkHttp: retryOnConnectionFailure(false))");
    }

    private static int sdkRetries(CallContext call) {
        String count = call.request().headers().get(SDK_COUNT).orElse("");
        if (count.isEmpty() || count.length() > MOST_DIGITS) {
            return 0;
        }
        for (int i = 0; i < count.length(); i++) {
            if (count.charAt(i) < '0' || count.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(count);
    }

    private static String sdkRemedy(CallContext call) {
        String client = call.info().dialect().orElse("").startsWith("anthropic")
                ? "AnthropicOkHttpClient.builder()"
                : "OpenAIOkHttpClient.builder()";
        return "switch off the SDK's own retries: " + client + ".maxRetries(0)";
    }

    private @Nullable Returned before(CallContext call) {
        synchronized (returned) {
            if (returned.isEmpty()) {
                return null;
            }
        }
        ByteString digest = digest(call);
        if (digest == null) {
            return null;
        }
        synchronized (returned) {
            Returned found = returned.get(digest);
            long age = found == null ? -1 : call.startedAt() - found.at;
            if (age < 0 || age > LATELY) {
                return null;
            }
            returned.remove(digest);
            return found;
        }
    }

    /** Notes that the application got a fault. */
    void returned(CallContext call, @Nullable Nesting nesting) {
        ByteString digest = digest(call);
        if (digest != null) {
            long sent = nesting == null ? call.attemptCount() : (long) nesting.amplification();
            synchronized (returned) {
                returned.remove(digest);
                returned.put(digest, new Returned(call.ticker().nanos(), sent));
            }
        }
    }

    // Of no dialect's body it is known that it can be read twice.
    private static @Nullable ByteString digest(CallContext call) {
        Optional<LlmBody> body = call.request().body();
        if (body.isEmpty() || body.get().isOneShot() || call.info().dialect().isEmpty()) {
            return null;
        }
        try {
            return body.get().bytes().sha256();
        } catch (IOException e) {
            return null;
        }
    }
}
