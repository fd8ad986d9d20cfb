package dev.llmproxy.call;

/** Who is shed first when the limits are reached: the last here goes first. */
public enum Priority {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** The default. */
    NORMAL,
    /** Nobody waits for the answer. */
    BATCH
}
