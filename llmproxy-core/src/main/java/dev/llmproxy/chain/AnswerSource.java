package dev.llmproxy.chain;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import okio.BufferedSource;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The one wrapper around the body of an answer: bytes pass through as they are, while their count, their timing and
 * their end are observed. The end of the body is the end of its attempt and, once the answer has been handed to the
 * application, of the call.
 */
final class AnswerSource implements Source {
    private final CallContext call;
    private final @Nullable Attempt attempt;
    private final @Nullable Diagnosis diagnosis;
    private final @Nullable AnswerWatch watch;
    private final BufferedSource delegate;
    private final int status;
    private @Nullable Fault fault;
    private @Nullable IOException broken;
    private long bytes;
    private long silence = -1;
    private long readAt = Long.MIN_VALUE;
    private boolean refused;
    private boolean held;
    private boolean handedOver;
    private boolean endRead;
    private boolean ended;
    private boolean whole;
    private boolean shared;
    private @Nullable GuardedTap tap;

    private AnswerSource(
            CallContext call, @Nullable Attempt attempt, LlmResponse response, @Nullable Diagnosis diagnosis) {
        this.call = call;
        this.attempt = attempt;
        this.diagnosis = diagnosis;
        this.watch = attempt == null ? null : attempt.receiving().watch();
        this.delegate = response.body();
        this.status = response.code();
    }

    static AnswerSource ofAttempt(CallContext call, Attempt attempt, LlmResponse response, Diagnosis diagnosis) {
        return new AnswerSource(call, attempt, response, diagnosis);
    }

    static AnswerSource ofStage(CallContext call, LlmResponse response) {
        return new AnswerSource(call, null, response, null);
    }

    /** The attempt has failed by its status: its body is looked at and handed on, and nothing in it is diagnosed. */
    void refuse() {
        refused = true;
    }

    /**
     * Reads as much as is to be kept back. What breaks meanwhile is thrown as it is: the attempt fails by it, as if
     * nothing had come.
     *
     * @param body the buffer in front of this, in which the bytes stay
     */
    void holdBack(BufferedSource body) throws IOException {
        if (watch == null) {
            return;
        }
        held = true;
        boolean more = true;
        while (more && watch.holds()) {
            more = body.request(body.getBuffer().size() + 1);
        }
        held = false;
    }

    /** Several calls are going to read it: one whose thread is interrupted while it reads leaves the others alone. */
    void share() {
        shared = true;
    }

    /** Notes why the attempt has failed by its status. */
    void failedBy(Fault known) {
        fault = known;
    }

    /**
     * From now on the end of the body is the end of the call.
     *
     * @param body the buffer in front of this, with what was kept back
     * @param hearing who hears what is handed over
     * @throws IOException if a timer has ended the call just before: the client would throw the answer away, and say no
     *     more than that somebody has cancelled it
     */
    void handOver(BufferedSource body, @Nullable AnswerTap hearing) throws IOException {
        handedOver = true;
        if (refused) {
            // It was read before it was diagnosed, and perhaps while another attempt still ran.
            readAt = call.ticker().nanos();
        }
        if (hearing != null) {
            tap = new GuardedTap(hearing);
            tap.heldBack(body.getBuffer(), bytes);
        }
        call.timers().handedOver(attempt, this);
        Ending timer = call.handedOver().orElse(null);
        if (timer != null) {
            throw cutBy(timer);
        }
    }

    private IOException cutBy(Ending timer) throws IOException {
        InterruptedIOException cut = new InterruptedIOException("canceled");
        try (delegate) {
            if (attempt == null) {
                return brokenOfStage(cut);
            }
            attempt.endedBy(timer);
            return ended && diagnosis != null ? whole(attempt, diagnosis, cut) : brokenBy(cut);
        }
    }

    // It was whole: the attempt has succeeded, and the call fails all the same.
    private IOException whole(Attempt last, Diagnosis by, IOException cut) {
        LlmFaultException failure = AnswerFault.ofAttempt(call, last, by, cut, "");
        fault = failure.fault();
        call.note(last.number(), failure.fault());
        end(false);
        return failure;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (whole) {
            return exhausted(); // Some readers ask again, and a connection that broke behind the end would break again.
        }
        try {
            long count = attempt == null ? delegate.read(sink, byteCount) : read(attempt, sink, byteCount);
            return count < 0 ? ended() : arrived(sink, count);
        } catch (IOException e) {
            if (attempt != null && isOfReaderAlone(attempt, e)) {
                call.timers().readEnded(attempt);
                throw e;
            }
            // What the watch has thrown it would find again.
            if (!(e instanceof BrokenAnswerException) && isBehindTerminator()) {
                return exhausted();
            }
            throw brokenBy(e);
        }
    }

    // HTTP/2 and virtual threads wake a read that is interrupted. The stream goes on where the client lets it.
    private boolean isOfReaderAlone(Attempt from, IOException e) {
        return shared
                && !ended
                && e instanceof InterruptedIOException
                && !(e instanceof SocketTimeoutException)
                && Thread.currentThread().isInterrupted()
                && !call.isCancelled()
                && from.ending().isEmpty();
    }

    // The answer is whole, and who reads on behind its terminator misses nothing, unless a checksum would say
    // otherwise.
    private boolean isBehindTerminator() {
        if (attempt == null
                || watch == null
                || refused
                || !watch.isTerminated()
                || attempt.wire().isEncoded()) {
            return false;
        }
        return !ended && !call.isCancelled() && attempt.ending().isEmpty() && endsWell(watch);
    }

    private static boolean endsWell(AnswerWatch watch) {
        try {
            watch.ended();
            return true;
        } catch (IOException e) {
            return false; // The connection is why.
        }
    }

    private long read(Attempt from, Buffer sink, long byteCount) throws IOException {
        // What lies in the client's buffer is there: only the network is waited for.
        if (!delegate.getBuffer().exhausted()) {
            readAt = Math.max(readAt, from.markedAt(Phase.FIRST_BYTE));
            return delegate.read(sink, byteCount);
        }
        limitSilence(call.timers().readStarted(from));
        long count = readFromNetwork(from, sink, byteCount);
        readAt = call.timers().readEnded(from);
        endRead |= count < 0;
        return count;
    }

    private long readFromNetwork(Attempt from, Buffer sink, long byteCount) throws IOException {
        try {
            return delegate.read(sink, byteCount);
        } catch (SocketTimeoutException e) {
            call.timers().readFailed(from);
            throw e;
        }
    }

    private void limitSilence(long nanos) {
        if (nanos != silence) {
            silence = nanos;
            delegate.timeout().timeout(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private long arrived(Buffer sink, long count) throws IOException {
        bytes += count;
        if (attempt == null) {
            heard(sink, count);
            return count;
        }
        attempt.receiving().received(count, readAt);
        if (watch != null && !refused) {
            watch.arrived(sink, count);
        }
        attempt.receiving().lookedAt(readAt, attempt.consumerNanos());
        if (!attempt.reached(Phase.STREAM)) {
            beginStream(attempt);
        }
        heard(sink, count);
        return count;
    }

    private void heard(Buffer sink, long count) {
        if (tap != null) {
            tap.arrived(sink, count);
        }
    }

    // Of a stream only payload is a beginning.
    private void beginStream(Attempt of) {
        if (!of.isStream() || refused) {
            of.markAt(Phase.STREAM, readAt);
        } else if (of.receiving().isPayloadSeen()) {
            of.markAt(Phase.FIRST_TOKEN, readAt);
            of.markAt(Phase.STREAM, readAt);
        }
    }

    private long ended() throws IOException {
        if (watch != null && !refused && !ended) {
            watch.ended();
        }
        return exhausted();
    }

    private long exhausted() {
        whole = true;
        end(true);
        return -1;
    }

    private IOException brokenBy(IOException e) {
        if (attempt == null) {
            return brokenOfStage(e);
        }
        if (diagnosis == null || refused || held || ended) {
            // Of a refusal the fault is known already, and what breaks now is its explanation that was cut.
            IOException failure = refused && fault != null ? new LlmFaultException(fault, e) : e;
            broken = failure;
            if (handedOver) {
                end(false);
            }
            return failure;
        }
        LlmFaultException failure = AnswerFault.ofAttempt(call, attempt, diagnosis, e, delivered());
        fault = failure.fault();
        broken = failure;
        AttemptStage.close(call, attempt, failure.fault());
        end(false);
        return failure;
    }

    private IOException brokenOfStage(IOException e) {
        LlmFaultException failure = AnswerFault.ofStage(call, fault, e);
        fault = failure.fault();
        broken = failure;
        if (handedOver) {
            end(false);
        }
        return failure;
    }

    private String delivered() {
        if (!handedOver) {
            return "";
        }
        String progress = watch == null ? "" : watch.delivered();
        return bytes + " bytes" + (progress.isEmpty() ? "" : ", " + progress);
    }

    @Override
    public Timeout timeout() {
        return delegate.timeout();
    }

    @Override
    public void close() throws IOException {
        try {
            delegate.close();
        } finally {
            if (!ended && !isSaid() && (call.isCancelled() || isGivenUp())) {
                // The client closes what it has cancelled.
                var unused = brokenBy(new InterruptedIOException("canceled"));
            }
            end(false);
        }
    }

    // Many cancel a stream as soon as they have read its terminator.
    private boolean isSaid() {
        boolean byCaller =
                call.ending().filter(by -> by.by() == Ending.By.TIMER).isEmpty();
        return byCaller && attempt != null && watch != null && !refused && watch.isTerminated();
    }

    // Whoever reads no further before an answer is whole has cancelled it.
    private boolean isGivenUp() {
        if (attempt == null || watch == null || refused || watch.isComplete()) {
            return false;
        }
        attempt.endedBy(Ending.byCaller());
        return true;
    }

    private void end(boolean exhausted) {
        if (ended && (!handedOver || call.hasEnded())) {
            return;
        }
        long now = endRead ? readAt : call.ticker().nanos();
        if (!ended) {
            ended = true;
            if (attempt != null) {
                endAttempt(attempt, attempt.receiving().finish(), exhausted, now);
            }
        }
        if (handedOver) {
            if (tap != null) {
                tap.ended(isStorable());
            }
            endCall(exhausted, now);
        }
    }

    // Behind its terminator a stream may be closed unread. Of what is compressed the checksum comes last.
    private boolean isStorable() {
        return attempt != null
                && watch != null
                && fault == null
                && !refused
                && (whole || !attempt.wire().isEncoded())
                && watch.isStorable();
    }

    private void endAttempt(Attempt attempt, AnswerInfo info, boolean exhausted, long now) {
        if (refused || fault != null) {
            return;
        }
        attempt.markAt(Phase.END, now);
        call.timers().attemptSucceeded(attempt, info, exhausted || (watch != null && watch.isComplete()));
        call.emit(AnswerEnd.ofAttempt(call, attempt, status, bytes, watch == null ? 0 : watch.events(), info), now);
    }

    private void endCall(boolean exhausted, long now) {
        if (fault != null) {
            call.end(AnswerEnd.ofFailedCall(call, fault, now), now);
            return;
        }
        call.end(AnswerEnd.ofCall(call, attempt, status, bytes, exhausted, info(exhausted), now), now);
    }

    private AnswerInfo info(boolean exhausted) {
        // Of an attempt that others read, too, all is written once the end has been handed on.
        Attempt read = call.isSharing() && exhausted ? call.lastAttempt() : null;
        Attempt told = read == null ? attempt : read;
        return told == null ? AnswerInfo.unknown() : told.answer();
    }

    @Override
    public String toString() {
        return "answer " + status + " of " + call.id();
    }
}
