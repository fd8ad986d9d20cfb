package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.SharedLines;
import dev.llmproxy.chain.CallStage;
import java.util.concurrent.TimeUnit;
import okio.Buffer;

/**
 * An answer in memory, which is its own key there: one object less for each. When it was stored is kept in
 * whole seconds, for the same reason.
 */
final class HeldAnswer extends CacheKey implements Found {
    private final Head head;
    private final byte[] body;
    private final int storedAt;
    // From then on: in milliseconds, or below zero in seconds where those are too many.
    private final int freshFor;
    private final int tokens;

    /**
     * What many answers have in common, so that one instance serves them all.
     *
     * @param hit the headers of a hit, with all that the call will add to them: it adds nothing then
     */
    record Head(int status, LlmHeaders headers, LlmHeaders hit, boolean isStream) {
        Head(int status, LlmHeaders headers) {
            this(
                    status,
                    headers,
                    SharedLines.of(headers.plus(Lookups.HIT).with(CallStage.NO_ATTEMPTS)),
                    ReplayedHeaders.areOfStream(headers));
        }
    }

    HeldAnswer(CacheKey key, Head head, byte[] body, long storedAt, long freshUntil, int tokens) {
        super(key);
        this.head = head;
        this.body = body;
        this.storedAt = seconds(storedAt);
        this.freshFor = span(freshUntil - storedAt());
        this.tokens = tokens;
    }

    // Without a sign, so that it is enough until 2106.
    private static int seconds(long millis) {
        return (int) TimeUnit.MILLISECONDS.toSeconds(Math.max(0, millis));
    }

    private static int span(long millis) {
        return millis <= Integer.MAX_VALUE
                ? (int) Math.max(0, millis)
                : (int) -Math.min(Integer.MAX_VALUE, TimeUnit.MILLISECONDS.toSeconds(millis));
    }

    private static long millis(int seconds) {
        return TimeUnit.SECONDS.toMillis(Integer.toUnsignedLong(seconds));
    }

    @Override
    public int status() {
        return head.status();
    }

    @Override
    public LlmHeaders headers() {
        return head.headers();
    }

    @Override
    public LlmHeaders hitHeaders() {
        return head.hit();
    }

    @Override
    public boolean isStream() {
        return head.isStream();
    }

    @Override
    public long storedAt() {
        return millis(storedAt);
    }

    @Override
    public long freshUntil() {
        return storedAt() + (freshFor >= 0 ? freshFor : TimeUnit.SECONDS.toMillis(-freshFor));
    }

    @Override
    public int size() {
        return body.length;
    }

    @Override
    public int tokens() {
        return tokens;
    }

    @Override
    public void write(Buffer sink, int from, int count) {
        sink.write(body, from, count);
    }
}
