package dev.llmproxy.chain;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says why an answer broke while its body was read. */
final class AnswerFault {
    private AnswerFault() {}

    /**
     * Diagnoses the answer of an attempt.
     *
     * @param delivered what the application has of it already, empty for nothing: that cannot be taken back, and no other
     *     attempt can take its place
     */
    static LlmFaultException ofAttempt(
            CallContext call, Attempt attempt, Diagnosis diagnosis, IOException e, String delivered) {
        if (e instanceof LlmFaultException known) {
            return known;
        }
        Fault found =
                diagnosis.diagnose(AttemptEvidence.of(call, attempt).failure(e).build());
        Fault told = delivered.isEmpty()
                ? found
                : found.toBuilder().evidence("delivered", delivered).build();
        return new LlmFaultException(told, e);
    }

    /**
     * Looks at an answer that a stage has made. Nothing was sent for it: there is no attempt to diagnose, and still this is
     * no success.
     *
     * @param known the fault that the call has already
     */
    static LlmFaultException ofStage(CallContext call, @Nullable Fault known, IOException e) {
        if (e instanceof LlmFaultException fault) {
            return fault;
        }
        if (known != null) {
            return new LlmFaultException(known, e);
        }
        return call.isCancelled() ? call.raiseEnded(e) : call.raise(unreadable(call, e), e);
    }

    private static Fault unreadable(CallContext call, IOException e) {
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0)
                .summary("an answer that a stage of the chain had made broke with "
                        + e.getClass().getName())
                .where(call.info().origin().host())
                .evidence("exception", e.getClass().getName())
                .remedy("look at the stages that were added to the proxy: the answer is theirs")
                .build();
    }
}
