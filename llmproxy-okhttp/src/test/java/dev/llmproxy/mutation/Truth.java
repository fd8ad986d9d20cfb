package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.Set;

/**
 * What has to be said of a damaged answer.
 *
 * @param effect what the damage has done
 * @param causes which causes are right, of a broken answer
 */
record Truth(Effect effect, Set<FaultCause> causes) {
    /** What a damage does. */
    enum Effect {
        /** Anybody who knows the format can tell that the answer is not whole. */
        BROKEN,
        /** The answer says something else, and could have been sent so. */
        PLAUSIBLE,
        /** The application gets what it would have got. */
        HARMLESS
    }

    static Truth broken(FaultCause... causes) {
        return new Truth(Effect.BROKEN, Set.of(causes));
    }

    static Truth harmless() {
        return new Truth(Effect.HARMLESS, Set.of());
    }

    /** Asks the reader of the format. */
    static Truth of(Recording recording, byte[] damaged) {
        Reading reading = Reading.of(recording, damaged);
        if (!reading.causes().isEmpty()) {
            return new Truth(Effect.BROKEN, reading.causes());
        }
        boolean isSame = reading.content().equals(recording.content());
        return new Truth(isSame ? Effect.HARMLESS : Effect.PLAUSIBLE, Set.of());
    }

    /** Narrows the causes of a broken answer, where the kind of the damage allows only some. */
    Truth only(Set<FaultCause> allowed) {
        return effect == Effect.BROKEN ? new Truth(effect, allowed) : this;
    }
}
