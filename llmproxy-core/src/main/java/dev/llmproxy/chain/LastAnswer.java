package dev.llmproxy.chain;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fault.Fault;
import java.util.Optional;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * The last answer of a call, known by its body, and the fault for which it stands. Only the last can be handed over;
 * those before were closed. Belongs to the thread of the call.
 */
final class LastAnswer {
    private @Nullable BufferedSource body;
    private @Nullable AnswerSource source;
    private @Nullable BufferedSource failedBody;
    private @Nullable Fault fault;

    void is(BufferedSource body, AnswerSource source) {
        this.body = body;
        this.source = source;
    }

    @Nullable
    AnswerSource behind(BufferedSource asked) {
        return asked == body ? source : null;
    }

    void failedBy(LlmResponse answer, Fault by) {
        AnswerSource known = behind(answer.body());
        if (known != null) {
            known.failedBy(by);
        } else {
            failedBody = answer.body();
            fault = by;
        }
    }

    /** Returns the fault of an answer that a stage has made by itself. */
    Optional<Fault> faultOf(LlmResponse own) {
        return own.body() == failedBody ? Optional.ofNullable(fault) : Optional.empty();
    }

    /** Takes over the answer of a branch, which forgets it. */
    void takeFrom(LastAnswer from) {
        body = from.body;
        source = from.source;
        failedBody = from.failedBody;
        fault = from.fault;
        from.forget();
    }

    /** The application alone holds the answer from now on: else nobody would notice that it drops it. */
    void forget() {
        body = null;
        source = null;
        failedBody = null;
    }

    @Override
    public String toString() {
        return source == null ? "no answer" : source.toString();
    }
}
