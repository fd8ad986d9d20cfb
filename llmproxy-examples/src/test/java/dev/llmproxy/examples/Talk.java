package dev.llmproxy.examples;

import java.io.StringWriter;

/** An application's one question to an SDK. */
interface Talk extends AutoCloseable {
    /** Asks, and returns the text of the answer. */
    String ask();

    /** Asks for a stream, adds its text to what is heard, and returns when it ended well. */
    void stream(StringWriter heard) throws Exception;

    @Override
    default void close() {}
}
