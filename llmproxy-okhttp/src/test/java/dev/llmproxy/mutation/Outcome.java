package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import org.jspecify.annotations.Nullable;

/**
 * What became of a damaged answer.
 *
 * @param cause the fault that the application got, or null where it got an answer
 * @param isTold whether a warning or an error was told
 * @param detail what a person wants to know of it
 */
record Outcome(@Nullable FaultCause cause, boolean isTold, String detail) {}
