package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import org.jspecify.annotations.Nullable;

/** Recognises one cause, or a few that are told apart by the same evidence. A pure function, in microseconds. */
@FunctionalInterface
interface Rule {
    /** Returns the fault as far as this rule knows it, or null where the evidence is not of its kind. */
    Fault.@Nullable Builder judge(Case of);
}
