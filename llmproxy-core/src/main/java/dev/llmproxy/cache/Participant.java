package dev.llmproxy.cache;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import java.io.IOException;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/** One call's view of an answer that several read: the body that its application reads, at its own pace. */
final class Participant implements Source {
    private final Relay relay;
    private final CallContext call;
    private final boolean leads;
    // Guarded by the relay.
    private long position;
    private boolean dropped;

    Participant(Relay relay, CallContext call, boolean leads) {
        this.relay = relay;
        this.call = call;
        this.leads = leads;
    }

    /** Sees to it that the call leaves when it is ended, closed, or dropped without being closed. */
    void settle() {
        call.onEnd(this::leave);
        call.onCancel(this::leave);
    }

    CallContext call() {
        return call;
    }

    /** Says whether it is the call that the attempt was sent for. */
    boolean leads() {
        return leads;
    }

    LlmResponse answer(LlmResponse head) {
        return head.toBuilder().body(Okio.buffer(this), head.length()).build();
    }

    long position() {
        return position;
    }

    void advance(long count) {
        position += count;
    }

    void drop() {
        dropped = true;
    }

    boolean wasDropped() {
        return dropped;
    }

    boolean isDropped() {
        return relay.isDropped(this);
    }

    void leave() {
        relay.leave(this);
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        return byteCount == 0 ? 0 : relay.read(this, sink, byteCount);
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void close() {
        relay.close(this);
    }

    @Override
    public String toString() {
        return "participant " + call.id();
    }
}
