package dev.llmproxy.chain;

import dev.llmproxy.fault.CallEvidence;
import dev.llmproxy.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was tried for a call, and the faults that were found. Belongs to the thread of the call. */
final class History {
    private static final Attempt[] NO_ATTEMPTS = {};

    private Attempt[] attempts = NO_ATTEMPTS;
    private @Nullable List<Fault> faults;
    private @Nullable Throwable thrown;
    private @Nullable Fault ofThrown;

    void add(Attempt attempt) {
        int count = attempts.length;
        Attempt[] longer = Arrays.copyOf(attempts, count + 1);
        longer[count] = attempt;
        attempts = longer;
    }

    /** Takes over the attempts of all branches, those from before them among them. */
    void attemptsOf(Branches from) {
        attempts = from.attempts();
    }

    /** Takes over all that another one knows, in place of what is known here. */
    void takeFrom(History other) {
        attempts = other.attempts;
        faults = other.faults == null ? null : new ArrayList<>(other.faults);
    }

    List<Attempt> attempts() {
        return List.of(attempts);
    }

    int attemptCount() {
        return attempts.length;
    }

    @Nullable
    Attempt lastAttempt() {
        return attempts.length == 0 ? null : attempts[attempts.length - 1];
    }

    void add(Fault fault) {
        if (faults == null) {
            faults = new ArrayList<>(1);
        }
        faults.add(fault);
        CallEvidence.bound(faults, 0, CallEvidence::bytes, this::briefly);
    }

    private Fault briefly(Fault fault) {
        Fault brief = CallEvidence.brief(fault);
        for (Attempt attempt : attempts) {
            if (fault.equals(attempt.fault())) {
                attempt.failedBy(brief);
            }
        }
        return brief;
    }

    void addFaultsOf(History other) {
        if (other.faults != null) {
            other.faults.forEach(this::add);
        }
        if (other.thrown != null) {
            thrown = other.thrown;
            ofThrown = other.ofThrown;
        }
    }

    /** Notes what was found of an exception that goes up as it is. */
    void explain(Throwable exception, Fault fault) {
        thrown = exception;
        ofThrown = fault;
    }

    /** Returns what was found of an exception, or null where nobody has looked at it. */
    @Nullable
    Fault faultOf(Throwable exception) {
        return exception == thrown ? ofThrown : null;
    }

    List<Fault> faults() {
        return faults == null ? List.of() : Collections.unmodifiableList(faults);
    }

    @Override
    public String toString() {
        return attemptCount() + " attempts, " + faults().size() + " faults";
    }
}
