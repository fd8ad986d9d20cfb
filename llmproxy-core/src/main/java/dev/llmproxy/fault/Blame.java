package dev.llmproxy.fault;

/** Who can change the cause of a fault. */
public enum Blame {
    /** The application, its settings or its JVM. */
    CALLER,
    /** Anything between the application and the provider. */
    NETWORK,
    /** The provider. */
    PROVIDER,
    /** Nobody knows. */
    UNKNOWN
}
