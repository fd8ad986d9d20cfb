package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.event.AnswerInfo;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/** How the answer of one attempt comes in. One thread writes; how many bytes have come may be asked by any thread. */
final class Receiving {
    private static final String[] STREAM_TYPES = {
        "text/event-stream", "application/x-ndjson", "application/stream+json", "application/vnd.amazon.eventstream"
    };
    private static final AtomicLongFieldUpdater<Receiving> BYTES =
            AtomicLongFieldUpdater.newUpdater(Receiving.class, "bytes");

    private int status;
    private boolean hasStreamType;
    private volatile long bytes;
    private long lastBytesAt = Long.MIN_VALUE;
    private long seenProgress;
    private long payloadAt = Long.MIN_VALUE;
    private long consumerAtPayload;
    private long longestGap;
    private @Nullable AnswerWatch watch;
    private @Nullable AnswerInfo atEnd;

    void answeredBy(int code, LlmHeaders headers) {
        status = code;
        hasStreamType = isStreamType(headers.get("Content-Type").orElse(""));
    }

    private static boolean isStreamType(String type) {
        for (String known : STREAM_TYPES) {
            if (type.startsWith(known)) {
                return true;
            }
        }
        return false;
    }

    int status() {
        return status;
    }

    void received(long more, long at) {
        BYTES.lazySet(this, bytes + more);
        lastBytesAt = at;
    }

    long bytes() {
        return bytes;
    }

    long lastBytesAt() {
        return lastBytesAt;
    }

    /** Looks at what has just arrived: whether it is worth waiting for, or only keeps the answer alive. */
    void lookedAt(long at, long consumerNanos) {
        long now = isStream() ? progress() : bytes;
        if (now != seenProgress) {
            longestGap = payloadAt == Long.MIN_VALUE ? 0 : Math.max(longestGap, sincePayload(at, consumerNanos));
            seenProgress = now;
            payloadAt = at;
            consumerAtPayload = consumerNanos;
        }
    }

    boolean hasPayload() {
        return payloadAt != Long.MIN_VALUE;
    }

    /** Returns for how long the network was waited for since the last payload. */
    long sincePayload(long now, long consumerNanos) {
        return Math.max(0, now - payloadAt - (consumerNanos - consumerAtPayload));
    }

    /** Returns the longest such wait between two payloads. */
    long longestGap() {
        return longestGap;
    }

    void watch(AnswerWatch looking) {
        this.watch = Objects.requireNonNull(looking, "watch");
    }

    @Nullable
    AnswerWatch watch() {
        return watch;
    }

    boolean isStream() {
        AnswerWatch looking = watch;
        return hasStreamType || (looking != null && looking.isStreamed());
    }

    long progress() {
        AnswerWatch looking = watch;
        return looking == null ? bytes : looking.progress();
    }

    boolean isPayloadSeen() {
        AnswerWatch looking = watch;
        return looking == null ? bytes > 0 : looking.isPayloadSeen();
    }

    AnswerInfo info() {
        AnswerInfo known = atEnd;
        if (known != null) {
            return known;
        }
        return watch == null ? AnswerInfo.unknown() : watch.info();
    }

    /** Returns what the answer says of itself, which does not change any more. */
    AnswerInfo finish() {
        AnswerInfo last = info();
        atEnd = last;
        return last;
    }

    @Override
    public String toString() {
        return bytes + " bytes of answer " + status;
    }
}
