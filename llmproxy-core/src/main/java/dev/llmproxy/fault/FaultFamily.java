package dev.llmproxy.fault;

/** The families of causes. */
public enum FaultFamily {
    /** Something took longer than its budget. */
    TIMEOUT,
    /** An answer is damaged, incomplete or not what was asked for. */
    DATA_CORRUPTION,
    /** A credential is missing, wrong, refused or was withheld. */
    AUTHENTICATION,
    /** No connection, or a connection that broke. */
    CONNECTIVITY,
    /** Something is used up: here, or at the provider. */
    RESOURCE_EXHAUSTION,
    /** The request itself cannot be served. */
    REQUEST,
    /** The provider failed. */
    PROVIDER,
    /** None of the others. */
    OTHER
}
