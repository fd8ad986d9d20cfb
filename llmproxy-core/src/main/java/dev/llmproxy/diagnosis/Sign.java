package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a cause is told in an error: names that stand in a field of their own, or phrases that providers put into
 * their messages. All in lower case.
 *
 * @param cause the cause
 * @param names the values of type, code, status and reason that mean it
 * @param phrases parts of messages that mean it
 */
record Sign(FaultCause cause, List<String> names, List<String> phrases) {
    private static final double BY_NAME = 0.95;
    private static final double BY_PHRASE = 0.85;

    static Sign of(FaultCause cause) {
        return new Sign(cause, List.of(), List.of());
    }

    Sign named(String... any) {
        return new Sign(cause, List.of(any), phrases);
    }

    Sign saying(String... any) {
        return new Sign(cause, names, List.of(any));
    }

    /** Makes a fault of a cause that a sign has told. */
    @FunctionalInterface
    interface Meaning {
        Fault.Builder of(Refusal refusal, FaultCause cause, double confidence);
    }

    /**
     * Judges by the first sign that is there, or not at all. A name counts at any status, a phrase only where messages
     * are read.
     */
    static Fault.@Nullable Builder judge(List<Sign> signs, Refusal refusal, boolean readingMessages, Meaning meaning) {
        for (Sign sign : signs) {
            if (refusal.isNamed(sign.names)) {
                return meaning.of(refusal, sign.cause, BY_NAME);
            }
            if (readingMessages && refusal.says(sign.phrases)) {
                return meaning.of(refusal, sign.cause, BY_PHRASE);
            }
        }
        return null;
    }
}
