package dev.llmproxy.fault;

import java.util.Objects;
import java.util.Optional;

/**
 * Something to do about a fault.
 *
 * @param action what to do, as an instruction
 * @param setting the setting of this library that does it, with its computed value, such as
 *     {@code Timeouts.firstByte(PT2M)}; nothing where it is not a setting
 */
public record Remedy(String action, Optional<String> setting) {
    /**
     * Checks the parts.
     *
     * @param action what to do
     * @param setting the setting that does it, or nothing
     */
    public Remedy {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(setting, "setting");
    }

    /** Returns the action, with the setting where there is one. */
    @Override
    public String toString() {
        return action + setting.map(s -> " [" + s + "]").orElse("");
    }
}
