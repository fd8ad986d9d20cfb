package dev.llmproxy.retry;

import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fault.CallEvidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a call failed when it was handed on: with an exception, or with an answer that refuses it.
 *
 * @param fault why
 * @param thrown the exception, or null
 * @param refused the answer, or null; its body is open
 */
record Failure(
        Fault fault,
        @Nullable LlmFaultException thrown,
        @Nullable LlmResponse refused) {
    static Failure of(LlmFaultException thrown) {
        return new Failure(thrown.fault(), thrown, null);
    }

    static Failure of(Fault fault, LlmResponse refused) {
        return new Failure(fault, null, refused);
    }

    /** Lets go of the answer: another one is going to be asked for. */
    void close() {
        if (refused != null) {
            try {
                refused.close();
            } catch (IOException e) {
                // Nobody wanted what was left of it.
            }
        }
    }

    LlmFaultException asException() {
        return thrown != null ? thrown : new LlmFaultException(fault, null);
    }

    /** Returns how much evidence it keeps: a second attempt beside it may have failed as well. */
    long evidenceBytes() {
        return thrown == null ? CallEvidence.bytes(fault) : evidenceBytes(thrown);
    }

    static long evidenceBytes(LlmFaultException of) {
        long bytes = CallEvidence.bytes(of.fault());
        for (Throwable suppressed : of.getSuppressed()) {
            bytes += suppressed instanceof LlmFaultException other ? evidenceBytes(other) : 0;
        }
        return bytes;
    }

    /** Returns the same, without the details. */
    Failure brief() {
        return new Failure(CallEvidence.brief(fault), thrown == null ? null : brief(thrown), refused);
    }

    private static LlmFaultException brief(LlmFaultException of) {
        LlmFaultException brief = new LlmFaultException(CallEvidence.brief(of.fault()), of.getCause());
        brief.setStackTrace(of.getStackTrace());
        for (Throwable suppressed : of.getSuppressed()) {
            brief.addSuppressed(suppressed instanceof LlmFaultException other ? brief(other) : suppressed);
        }
        return brief;
    }
}
