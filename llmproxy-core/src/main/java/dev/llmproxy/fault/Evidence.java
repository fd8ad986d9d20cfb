package dev.llmproxy.fault;

import java.util.Objects;

/**
 * One observation that a diagnosis rests on.
 *
 * @param name what was observed, such as {@code phase}
 * @param value what it was; on one line, of at most {@value #MAX_LENGTH} characters, without keys and prompts
 */
public record Evidence(String name, String value) {
    static final int MAX_LENGTH = 300;

    /**
     * Makes the value fit for a log: control characters become spaces, and what is too long is cut.
     *
     * @param name what was observed
     * @param value what it was
     */
    public Evidence {
        Objects.requireNonNull(name, "name");
        value = OneLine.of(value, MAX_LENGTH);
    }

    /** Returns name and value. */
    @Override
    public String toString() {
        return name + " = " + value;
    }
}
