package dev.llmproxy.fault;

import java.util.Optional;

/**
 * Something to do about a fault. Both texts are on one line, and short.
 *
 * @param action what to do, as an instruction
 * @param setting the setting of this library that does it, with its computed value, such as
 *     {@code Timeouts.firstByte(PT2M)}; nothing where it is not a setting
 */
public record Remedy(String action, Optional<String> setting) {
    private static final int MAX_LENGTH = 400;

    /**
     * Makes the texts fit for a log.
     *
     * @param action what to do
     * @param setting the setting that does it, or nothing
     */
    public Remedy {
        action = OneLine.of(action, MAX_LENGTH);
        setting = setting.map(text -> OneLine.of(text, MAX_LENGTH));
    }

    /** Returns the action, with the setting where there is one. */
    @Override
    public String toString() {
        return action + setting.map(s -> " [" + s + "]").orElse("");
    }
}
