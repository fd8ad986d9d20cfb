package dev.llmproxy.fault;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a call that ended without an honest response. Carries the {@link Fault}; its cause is the exception of the
 * attempt itself, and those of earlier attempts are suppressed.
 *
 * <p>It is an {@link IOException}, because every HTTP client and SDK keeps those in its cause chain: find it again with
 * {@link #faultOf}.
 */
public final class LlmFaultException extends IOException {
    private static final long serialVersionUID = 1L;

    // Not serialised: whoever ships exceptions to another process ships the message.
    private final transient Fault fault;

    /**
     * Constructs an exception of a fault.
     *
     * @param fault the fault
     * @param cause the attempt's own exception, or null when nothing was thrown
     */
    public LlmFaultException(Fault fault, @Nullable Throwable cause) {
        super(fault.toString(), cause);
        this.fault = fault;
    }

    /**
     * Returns the fault.
     *
     * @return the fault
     */
    public Fault fault() {
        return fault;
    }

    /**
     * Finds the fault in an exception, however deep a client or SDK has wrapped it.
     *
     * @param thrown the exception that the application caught
     * @return the first fault among it, its causes and what they suppressed
     */
    public static Optional<Fault> faultOf(@Nullable Throwable thrown) {
        return Optional.ofNullable(find(thrown, Collections.newSetFromMap(new IdentityHashMap<>())));
    }

    private static @Nullable Fault find(@Nullable Throwable thrown, Set<Throwable> seen) {
        for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
            if (t instanceof LlmFaultException that && that.fault != null) {
                return that.fault;
            }
            for (Throwable suppressed : t.getSuppressed()) {
                Fault found = find(suppressed, seen);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
