package dev.llmproxy.examples;

/** An application's one question to an SDK. */
interface Talk extends AutoCloseable {
    /** Asks, and returns the text of the answer. */
    String ask();

    /** Asks for a stream, adds its text to what is heard, and returns when it ended well. */
    void stream(StringBuffer heard) throws Exception;

    @Override
    default void close() {}
}
