package dev.llmproxy.chain;

import dev.llmproxy.fault.Fault;
import java.io.IOException;
import java.util.Objects;

/** Thrown by an {@link AnswerWatch} that has found an answer broken. The diagnosis adds what is known of its attempt. */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Fault.Builder fault;

    /**
     * Constructs the exception.
     *
     * @param message what is broken, without content of the answer
     * @param fault the cause with its evidence and remedies
     */
    public BrokenAnswerException(String message, Fault.Builder fault) {
        super(message);
        this.fault = Objects.requireNonNull(fault, "fault");
    }

    /**
     * Returns what was found.
     *
     * @return the fault, to be completed
     */
    public Fault.Builder fault() {
        return fault;
    }
}
