package dev.llmproxy.timeout;

/** How far budgets follow the latency that is observed of each model at each place. */
public enum Adapt {
    /** Nothing is learned, and nothing advised. */
    OFF,
    /** Budgets stay as they are; what would fit is learned, and told by an event and in the remedies of faults. */
    OBSERVE,
    /** As {@link #OBSERVE}, and a budget that is too short for a model is raised for it, even one that was set. */
    RAISE_ONLY,
    /** Budgets that were not set are raised and lowered to what fits; one that was set stays. */
    ENFORCE
}
