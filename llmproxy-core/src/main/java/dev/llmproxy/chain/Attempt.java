package dev.llmproxy.chain;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Signature;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.fault.LlmFaultException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request that is sent for a call. Stages read it; a binding also tells it what happens.
 *
 * <p>Written by the thread of the call and by those of the HTTP client that it waits for. Only who ended it may be told by
 * any thread: whoever comes first is believed. How many bytes have arrived may be asked by any thread.
 */
public final class Attempt {
    private static final String[] STREAM_TYPES = {
        "text/event-stream", "application/x-ndjson", "application/stream+json", "application/vnd.amazon.eventstream"
    };
    private static final int PHASES = Phase.values().length;
    private static final long[] NO_LIMITS = new long[Budget.values().length];
    private static final Supplier<Connection> UNKNOWN_CONNECTION = Connection::unknown;
    private static final AtomicReferenceFieldUpdater<Attempt, Ending> ENDING =
            AtomicReferenceFieldUpdater.newUpdater(Attempt.class, Ending.class, "ending");
    private static final AtomicLongFieldUpdater<Attempt> RECEIVED =
            AtomicLongFieldUpdater.newUpdater(Attempt.class, "bytesReceived");

    private final int number;
    private final String deployment;
    private final LlmUrl url;
    private final @Nullable Signature signature;
    private final Ticker ticker;
    private final long startedAt;
    // Nanoseconds after the start and one more, so that 0 is a phase that was not reached.
    private final long[] marks = new long[PHASES];
    private long[] limits = NO_LIMITS;
    private Phase phase = Phase.QUEUE;
    private volatile @Nullable Ending ending;
    private Supplier<Connection> connection = UNKNOWN_CONNECTION;
    private ClientFacts client = ClientFacts.UNKNOWN;
    private int wireAttempts;
    private long bytesSent;
    private boolean bodyFailed;
    private volatile long bytesReceived;
    private @Nullable String streamError;
    private boolean proxyAskedForCredentials;
    private long declaredLength = -1;
    private boolean chunked;
    private final WireCount wire = new WireCount();
    private boolean stream;
    private int status;
    private @Nullable AnswerWatch watch;
    private @Nullable SendingCheck sendingCheck;
    private @Nullable String alteration;
    private long consumerNanos;
    private long lastBytesAt = Long.MIN_VALUE;

    Attempt(int number, String deployment, LlmUrl url, @Nullable Signature signature, Ticker ticker, long startedAt) {
        this.number = number;
        this.deployment = deployment;
        this.url = url;
        this.signature = signature;
        this.ticker = ticker;
        this.startedAt = startedAt;
        marks[Phase.QUEUE.ordinal()] = 1;
    }

    /**
     * Returns the number of the attempt within its call.
     *
     * @return 1 for the first
     */
    public int number() {
        return number;
    }

    /**
     * Returns where it is sent, which a route may have changed.
     *
     * @return the URL; printing it does not show its query
     */
    public LlmUrl url() {
        return url;
    }

    /**
     * Returns where it goes.
     *
     * @return the name of the deployment, empty where none is configured
     */
    public String deployment() {
        return deployment;
    }

    /**
     * Returns for which origin the request was signed.
     *
     * @return the signature, or nothing where no credential of the proxy was added
     */
    public Optional<Signature> signature() {
        return Optional.ofNullable(signature);
    }

    /**
     * Returns when the attempt began.
     *
     * @return nanoseconds of the ticker
     */
    public long startedAt() {
        return startedAt;
    }

    /**
     * Notes that a phase has begun. Of several beginnings, as with several addresses of a host, the first is kept.
     *
     * @param begun the phase
     */
    public void mark(Phase begun) {
        if (reached(begun)) {
            phase = begun;
        } else {
            markAt(begun, ticker.nanos());
        }
    }

    void markAt(Phase begun, long now) {
        phase = begun;
        if (!reached(begun)) {
            marks[begun.ordinal()] = Math.max(0, now - startedAt) + 1;
        }
    }

    /**
     * Returns how far the attempt has come.
     *
     * @return the present phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Returns whether a phase was reached.
     *
     * @param asked the phase
     * @return whether it has begun
     */
    public boolean reached(Phase asked) {
        return marks[asked.ordinal()] != 0;
    }

    /**
     * Returns the time from one phase to another.
     *
     * @param from the earlier phase
     * @param to the later phase
     * @return nanoseconds, or -1 where either was not reached
     */
    public long nanosBetween(Phase from, Phase to) {
        return reached(from) && reached(to) ? Math.max(0, marks[to.ordinal()] - marks[from.ordinal()]) : -1;
    }

    /**
     * Returns how long the attempt took.
     *
     * @return the time from its start to its end; negative nanoseconds while it has not ended
     */
    public Duration duration() {
        return Duration.ofNanos(nanosBetween(Phase.QUEUE, Phase.END));
    }

    /**
     * Returns when each phase began, so far.
     *
     * @return a picture of the attempt as it is now
     */
    public PhaseTimes times() {
        return PhaseTimes.of(marks);
    }

    /**
     * Says whether the attempt is still going on.
     *
     * @return whether it has not ended
     */
    public boolean isOpen() {
        return !reached(Phase.END);
    }

    /**
     * Returns when a phase began.
     *
     * @param asked the phase
     * @return nanoseconds of the ticker, or {@link Long#MIN_VALUE} where it was not reached
     */
    public long markedAt(Phase asked) {
        return reached(asked) ? startedAt + marks[asked.ordinal()] - 1 : Long.MIN_VALUE;
    }

    /**
     * Sets the times that the attempt may take.
     *
     * @param limits nanoseconds by the ordinal of {@link Budget}; 0 for no limit; not changed any more
     */
    public void limits(long[] limits) {
        this.limits = limits;
    }

    /**
     * Returns the time that something may take.
     *
     * @param budget what
     * @return nanoseconds, or 0 for no limit
     */
    public long limit(Budget budget) {
        return limits[budget.ordinal()];
    }

    /**
     * Notes who ended the attempt from this side. The first to say so is believed.
     *
     * @param by who
     */
    public void endedBy(Ending by) {
        ENDING.compareAndSet(this, null, Objects.requireNonNull(by, "by"));
    }

    /**
     * Returns who ended the attempt from this side.
     *
     * @return who, or nothing where it failed by itself or has not ended
     */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Notes the connection.
     *
     * @param connection what is known of it, asked for only when somebody wants to know
     */
    public void connection(Supplier<Connection> connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Returns the connection.
     *
     * @return what is known of it
     */
    public Connection connection() {
        return connection.get();
    }

    /**
     * Notes who knows of the HTTP client.
     *
     * @param facts what is known of it, asked for only when somebody wants to know
     */
    public void client(ClientFacts facts) {
        this.client = Objects.requireNonNull(facts, "facts");
    }

    /**
     * Returns what the HTTP client knows of itself.
     *
     * @return its queue, its pool, its name lookups
     */
    public ClientFacts client() {
        return client;
    }

    /** Notes that the request goes out on a connection: once, unless the client sends it again by itself. */
    public void onWire() {
        // One thread at a time runs the client's network stage of a call.
        wireAttempts++;
    }

    /**
     * Returns how often the request went out.
     *
     * @return the count, 0 where the binding cannot see it
     */
    public int wireAttempts() {
        return wireAttempts;
    }

    /**
     * Lets somebody hear whether the HTTP client sends what it was handed. Of several only the last one does.
     *
     * @param check who hears it
     */
    public void checkSending(SendingCheck check) {
        this.sendingCheck = Objects.requireNonNull(check, "check");
    }

    /**
     * Says whether anybody wants to know if the HTTP client sends something else.
     *
     * @return whether a binding that can see it should look
     */
    public boolean isSendingChecked() {
        return sendingCheck != null;
    }

    /**
     * Notes that the HTTP client is about to send something else than it was handed. For bindings, before a byte of it
     * is written.
     *
     * @param what what was changed: words of HTTP and lengths, never content
     * @throws LlmFaultException if it is not to be sent
     */
    public void altered(String what) throws LlmFaultException {
        alteration = Objects.requireNonNull(what, "what");
        if (sendingCheck != null) {
            sendingCheck.altered(what);
        }
    }

    /**
     * Returns what the HTTP client sent instead of what it was handed.
     *
     * @return what was changed, or nothing as far as a binding has seen
     */
    public Optional<String> alteration() {
        return Optional.ofNullable(alteration);
    }

    /**
     * Notes how much of the request's body the client has taken.
     *
     * @param bytes the count so far
     */
    public void sent(long bytes) {
        bytesSent = bytes;
    }

    /** Notes that the application's own request body threw while it was written. */
    public void bodyFailed() {
        bodyFailed = true;
    }

    /**
     * Says whether the application's own request body failed.
     *
     * @return whether it threw while it was written
     */
    public boolean didBodyFail() {
        return bodyFailed;
    }

    /**
     * Returns how much of the request's body the client has taken.
     *
     * @return the number of bytes
     */
    public long bytesSent() {
        return bytesSent;
    }

    void received(long bytes, long at) {
        RECEIVED.lazySet(this, bytesReceived + bytes);
        lastBytesAt = at;
    }

    /** Returns when bytes of the body came last, in nanoseconds of the ticker; the smallest number where none did. */
    long lastBytesAt() {
        return lastBytesAt;
    }

    /**
     * Returns how much of the answer's body has arrived.
     *
     * @return the number of decoded bytes
     */
    public long bytesReceived() {
        return bytesReceived;
    }

    /**
     * Notes how long the answer's body is to be on the wire.
     *
     * @param declared the declared length, or -1
     * @param chunked whether it comes in chunks
     */
    public void framing(long declared, boolean chunked) {
        this.declaredLength = declared;
        this.chunked = chunked;
    }

    /**
     * Returns the declared length of the answer's body on the wire.
     *
     * @return the number of bytes, or -1
     */
    public long declaredLength() {
        return declaredLength;
    }

    /**
     * Says whether the answer's body comes in chunks.
     *
     * @return whether it does
     */
    public boolean chunked() {
        return chunked;
    }

    /**
     * Returns the count of the answer's body as it comes over the wire.
     *
     * @return the count, which a binding keeps that sees the wire
     */
    public WireCount wire() {
        return wire;
    }

    /**
     * Lets somebody look at the answer while its bytes pass. Of several only the last one does.
     *
     * @param watch who looks
     */
    public void watch(AnswerWatch watch) {
        this.watch = Objects.requireNonNull(watch, "watch");
    }

    @Nullable
    AnswerWatch watch() {
        return watch;
    }

    /**
     * Returns a count that grows with all payload of the answer, and not with what only keeps it alive.
     *
     * @return the count, where nobody looks at the answer that of its bytes
     */
    public long progress() {
        AnswerWatch looking = watch;
        return looking == null ? bytesReceived : looking.progress();
    }

    boolean isPayloadSeen() {
        AnswerWatch looking = watch;
        return looking == null ? bytesReceived > 0 : looking.isPayloadSeen();
    }

    /**
     * Returns what the answer says of itself, as far as it was read.
     *
     * @return model, finish reason, usage; nothing known where nobody looks
     */
    public AnswerInfo answer() {
        return watch == null ? AnswerInfo.unknown() : watch.info();
    }

    void answeredBy(int code, LlmHeaders headers) {
        status = code;
        String type = headers.get("Content-Type").orElse("");
        stream = isStreamType(type);
    }

    /**
     * Returns the HTTP status of the answer.
     *
     * @return the status, 0 as long as there is none
     */
    public int status() {
        return status;
    }

    private static boolean isStreamType(String type) {
        for (String known : STREAM_TYPES) {
            if (type.startsWith(known)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Says whether the answer is a stream of events.
     *
     * @return whether its content type is one of a stream, or its bytes are
     */
    public boolean isStream() {
        AnswerWatch looking = watch;
        return stream || (looking != null && looking.isStreamed());
    }

    /**
     * Adds to the time that the application spent between its reads of the answer.
     *
     * @param nanos nanoseconds
     */
    public void consumerTook(long nanos) {
        consumerNanos += nanos;
    }

    /**
     * Returns the time that the application spent between its reads of the answer.
     *
     * @return nanoseconds
     */
    public long consumerNanos() {
        return consumerNanos;
    }

    /**
     * Notes the code with which the peer reset the HTTP/2 stream.
     *
     * @param code the name of RFC 9113, section 7, such as {@code REFUSED_STREAM}
     */
    public void streamError(String code) {
        this.streamError = code;
    }

    /**
     * Returns the code with which the peer reset the HTTP/2 stream.
     *
     * @return the code, or nothing
     */
    public Optional<String> streamError() {
        return Optional.ofNullable(streamError);
    }

    /** Notes that an HTTP proxy in between answered 407. */
    public void proxyAskedForCredentials() {
        proxyAskedForCredentials = true;
    }

    /**
     * Says whether an HTTP proxy in between demanded a credential.
     *
     * @return whether it answered 407
     */
    public boolean didProxyAskForCredentials() {
        return proxyAskedForCredentials;
    }

    /** Returns number, deployment and phase. */
    @Override
    public String toString() {
        return "attempt " + number + (deployment.isEmpty() ? "" : " at " + deployment) + " in " + phase;
    }
}
