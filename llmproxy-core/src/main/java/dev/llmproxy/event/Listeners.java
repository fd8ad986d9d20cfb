package dev.llmproxy.event;

import java.util.List;
import java.util.function.LongSupplier;

/** All listeners of a proxy. What one of them throws is logged and goes nowhere else. Thread-safe. */
public final class Listeners implements AutoCloseable {
    private final List<LlmListener> listeners;
    private final GuardedListener[] guarded;

    /**
     * Constructs the group.
     *
     * @param listeners who hears each event, in this order
     * @param nanos a count of nanoseconds that never goes back: how often one that fails is told of
     */
    public Listeners(List<LlmListener> listeners, LongSupplier nanos) {
        this.listeners = List.copyOf(listeners);
        this.guarded = this.listeners.stream()
                .map(listener -> new GuardedListener(listener, nanos))
                .toArray(GuardedListener[]::new);
        for (LlmListener listener : this.listeners) {
            if (listener instanceof AsyncListener async) {
                async.timedBy(nanos);
            }
        }
    }

    /**
     * Says whether anybody listens.
     *
     * @return whether an event would be heard
     */
    public boolean isEmpty() {
        return guarded.length == 0;
    }

    /**
     * Tells everybody.
     *
     * @param event what happened
     */
    public void tell(LlmEvent event) {
        for (GuardedListener listener : guarded) {
            listener.tell(event);
        }
    }

    /** Lets asynchronous listeners finish, for at most a second each, and tells of failures that were folded. */
    @Override
    public void close() {
        for (LlmListener listener : listeners) {
            if (listener instanceof AsyncListener async) {
                async.close();
            }
        }
        for (GuardedListener listener : guarded) {
            listener.tellRest();
        }
    }
}
