package dev.llmproxy.micrometer;

/** What came of a call or of an attempt. */
enum Outcome {
    OK,
    ERROR,
    /** Ended by the application. */
    CANCELLED
}
