package dev.llmproxy.event;

import dev.llmproxy.fault.Fault;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Hears every event. It runs on the thread of the call, may run on several threads at once, and must be fast; what it
 * throws is logged and never reaches the call. {@link #async} is for what is not fast.
 */
@FunctionalInterface
public interface LlmListener {
    /**
     * Called when something happened.
     *
     * @param event what happened
     */
    void onEvent(LlmEvent event);

    /**
     * Returns a listener that hears one kind of event.
     *
     * @param type the kind
     * @param action called with each
     * @param <E> the kind
     * @return the listener
     */
    static <E extends LlmEvent> LlmListener on(Class<E> type, Consumer<? super E> action) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(action, "action");
        return event -> {
            if (type.isInstance(event)) {
                action.accept(type.cast(event));
            }
        };
    }

    /**
     * Returns a listener that hears faults.
     *
     * @param action called with each fault that is diagnosed
     * @return the listener
     */
    static LlmListener onFault(Consumer<Fault> action) {
        return on(LlmEvent.FaultDetected.class, event -> action.accept(event.fault()));
    }

    /**
     * Returns a listener that hears events on a daemon thread of its own, in their order. Events that do not fit its
     * queue are dropped, counted, and announced by {@link LlmEvent.EventsDropped}. The proxy that it is registered with
     * lets it finish for a second when it is closed; it serves one proxy only.
     *
     * @param listener hears the events
     * @param capacity how many events may wait
     * @return the listener
     * @throws IllegalArgumentException if the capacity is not positive
     */
    static LlmListener async(LlmListener listener, int capacity) {
        return new AsyncListener(listener, capacity);
    }
}
