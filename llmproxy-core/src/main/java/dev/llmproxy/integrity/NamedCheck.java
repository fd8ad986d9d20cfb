package dev.llmproxy.integrity;

import dev.llmproxy.fault.OneLine;
import java.util.Objects;

/** A check with the name that stands in faults and events. */
record NamedCheck(String name, Check check) {
    private static final int LONGEST_NAME = 80;

    NamedCheck {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(check, "check");
        if (name.isBlank() || !OneLine.of(name, LONGEST_NAME).equals(name)) {
            throw new IllegalArgumentException("name: " + OneLine.of(name, LONGEST_NAME)
                    + " (expected: one line of 1 to " + LONGEST_NAME + " characters)");
        }
    }

    @Override
    public String toString() {
        return '"' + name + '"';
    }
}
