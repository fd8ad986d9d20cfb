package dev.llmproxy.call;

/** How far a call may be repeated. */
public enum RetryMode {
    /** One attempt. */
    OFF,
    /** Not again when the first attempt may have been billed, unless the cause of its failure allows it once. */
    SAFE,
    /** As the cause of the failure says; may bill twice. */
    AGGRESSIVE
}
