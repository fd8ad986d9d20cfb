package dev.llmproxy.cache;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What has become of a flight, as the calls that wait for it see it. Immutable. */
final class Outcome {
    /** Nothing: the call that led it was ended, or found the answer stored. */
    static final Outcome ABANDONED = new Outcome(null, null, null, null, "");

    /** What nobody but its leader may know: it was not sent as they ask. */
    static final Outcome PRIVATE = new Outcome(null, null, null, null, "");

    private final @Nullable LlmResponse head;
    private final @Nullable ByteString refusal;
    private final @Nullable Fault fault;
    private final @Nullable Throwable thrown;
    private final String origin;

    private Outcome(
            @Nullable LlmResponse head,
            @Nullable ByteString refusal,
            @Nullable Fault fault,
            @Nullable Throwable thrown,
            String origin) {
        this.head = head;
        this.refusal = refusal;
        this.fault = fault;
        this.thrown = thrown;
        this.origin = origin;
    }

    /** Returns that of an answer, which the participants read through their relay. */
    static Outcome answered(LlmResponse answer) {
        return new Outcome(headOf(answer), null, null, null, "");
    }

    /** Returns that of an error response; its body is null where it is too long to be shared. */
    static Outcome refused(LlmResponse answer, @Nullable ByteString body, Fault fault, String origin) {
        return new Outcome(headOf(answer), body, fault, null, origin);
    }

    static Outcome failed(Fault fault, Throwable thrown, String origin) {
        return new Outcome(null, null, fault, thrown, origin);
    }

    private static LlmResponse headOf(LlmResponse answer) {
        return answer.toBuilder().body(new Buffer(), answer.length()).build();
    }

    /** Returns status and headers of the answer; null where there is none to be read. */
    @Nullable
    LlmResponse head() {
        return fault == null ? head : null;
    }

    @Nullable
    Fault fault() {
        return fault;
    }

    /** Says whether each that waits for it is to go on its own. */
    @SuppressWarnings("ReferenceEquality") // there is one of it
    boolean isPrivate() {
        return this == PRIVATE;
    }

    /** Says whether whoever sends the same gets the same. */
    boolean isShared() {
        return fault != null && fault.cause().shared();
    }

    /** Fails a call by the failure of the flight: with its error response, else with an exception. */
    LlmResponse fail(CallContext call, Fault by) throws IOException {
        Fault own = by.toBuilder().evidence("shared", origin).build();
        LlmFaultException failure = call.raise(own, new IOException("the shared attempt failed", thrown));
        if (head == null || refusal == null) {
            throw failure;
        }
        LlmResponse answer = head.toBuilder()
                .body(new Buffer().write(refusal), refusal.size())
                .build();
        call.failedBy(answer, own);
        return answer;
    }

    @Override
    public String toString() {
        if (isPrivate()) {
            return "private";
        }
        return fault != null ? "failed: " + fault.cause() : head == null ? "abandoned" : "answered";
    }
}
