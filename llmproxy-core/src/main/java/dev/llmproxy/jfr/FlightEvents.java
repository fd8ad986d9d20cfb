package dev.llmproxy.jfr;

import dev.llmproxy.event.LlmListener;
import java.util.Optional;

/**
 * The events of the JDK's flight recorder: {@code dev.llmproxy.Call}, {@code dev.llmproxy.Attempt},
 * {@code dev.llmproxy.Fault} and {@code dev.llmproxy.LocalStall}, which stand on one timeline with the JVM's own. They hold
 * no prompt, no answer and no key.
 *
 * <p>Every proxy tells them, so that a recording can be started while it runs; where none is running they cost nothing to
 * speak of.
 */
public final class FlightEvents {
    private FlightEvents() {}

    /**
     * Returns what tells the flight recorder. For the proxy.
     *
     * @return a listener, or nothing where this runtime has no flight recorder
     */
    public static Optional<LlmListener> listener() {
        return isAvailable() ? Optional.of(new FlightListener()) : Optional.empty();
    }

    // A runtime that was made of few modules has none; nothing else in the library names its classes.
    private static boolean isAvailable() {
        try {
            Class.forName("jdk.jfr.Event", false, FlightEvents.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
