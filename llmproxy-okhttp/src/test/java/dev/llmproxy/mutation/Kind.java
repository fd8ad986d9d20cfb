package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One way to damage the bytes of an answer, while its transport says that all is well.
 *
 * @param name what it is called in the tables
 * @param causes the only causes that are right, or none where those of the reader are
 * @param damage what is done
 */
record Kind(String name, Set<FaultCause> causes, Damage damage) {
    /** Damages an answer. */
    @FunctionalInterface
    interface Damage {
        /** Returns the damaged bytes, or null where this cannot be done to this answer. */
        byte @Nullable [] to(Recording recording, RandomGenerator chance);
    }

    static Kind of(String name, Damage damage) {
        return new Kind(name, Set.of(), damage);
    }

    /** Returns what has to be said of an answer that was damaged so. */
    Truth truth(Recording recording, byte[] damaged) {
        Truth truth = Truth.of(recording, damaged);
        return causes.isEmpty() ? truth : truth.only(causes);
    }

    @Override
    public String toString() {
        return name;
    }
}
