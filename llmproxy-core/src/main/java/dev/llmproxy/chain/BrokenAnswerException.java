package dev.llmproxy.chain;

import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.util.Objects;
import okio.ByteString;

/** Thrown by an {@link AnswerWatch} that has found an answer broken. The diagnosis adds what is known of its attempt. */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Fault.Builder fault;
    private final transient ByteString error;

    /**
     * Constructs the exception.
     *
     * @param message what is broken, without content of the answer
     * @param fault the cause with its evidence and remedies
     */
    public BrokenAnswerException(String message, Fault.Builder fault) {
        this(message, fault, ByteString.EMPTY);
    }

    /**
     * Constructs the exception of an answer with an error of the provider in it.
     *
     * @param message what is broken, without content of the answer
     * @param fault the cause, where the error names none
     * @param error the error, or the beginning of what came in place of an answer, as a body would have it
     */
    public BrokenAnswerException(String message, Fault.Builder fault, ByteString error) {
        super(message);
        this.fault = Objects.requireNonNull(fault, "fault");
        this.error = Objects.requireNonNull(error, "error");
    }

    /**
     * Returns what was found.
     *
     * @return the fault, to be completed
     */
    public Fault.Builder fault() {
        return fault;
    }

    /**
     * Returns the error of the provider, or what came in place of an answer.
     *
     * @return its bytes, empty where there is none
     */
    public ByteString error() {
        return error;
    }
}
