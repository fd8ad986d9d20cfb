package dev.llmproxy.fault;

import java.util.ArrayList;
import java.util.List;

/**
 * One observation that a diagnosis rests on.
 *
 * @param name what was observed, such as {@code phase}; on one line
 * @param value what it was; on one line, of at most {@value #MAX_LENGTH} characters, without keys and prompts
 */
public record Evidence(String name, String value) {
    static final int MAX_LENGTH = 300;
    // Of one fault; that of a call is bounded by CallEvidence.
    private static final long MAX_BYTES = 2 << 10;

    /**
     * Makes both fit for a log: control characters become spaces, and what is too long is cut.
     *
     * @param name what was observed
     * @param value what it was
     */
    public Evidence {
        name = OneLine.of(name, MAX_LENGTH);
        value = OneLine.of(value, MAX_LENGTH);
    }

    /** Returns as much as one fault holds; what does not fit is left out, the last first. */
    static List<Evidence> bounded(List<Evidence> all) {
        List<Evidence> kept = new ArrayList<>(all.size());
        long left = MAX_BYTES;
        for (Evidence item : all) {
            long size = CallEvidence.bytes(item);
            if (size <= left) {
                left -= size;
                kept.add(item);
            }
        }
        return List.copyOf(kept);
    }

    /** Returns name and value. */
    @Override
    public String toString() {
        return name + " = " + value;
    }
}
