package dev.llmproxy.event;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners of a proxy. What one of them throws is logged and goes nowhere else. Thread-safe. */
public final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.event");

    private final LlmListener[] listeners;

    /**
     * Constructs the group.
     *
     * @param listeners who hears each event, in this order
     */
    public Listeners(List<LlmListener> listeners) {
        this.listeners = listeners.toArray(new LlmListener[0]);
    }

    /**
     * Says whether anybody listens.
     *
     * @return whether an event would be heard
     */
    public boolean isEmpty() {
        return listeners.length == 0;
    }

    /**
     * Tells everybody.
     *
     * @param event what happened
     */
    public void tell(LlmEvent event) {
        for (LlmListener listener : listeners) {
            tell(listener, event);
        }
    }

    // Throwable: a stack overflow or a failed assertion in a listener is not the call's fault either.
    @SuppressWarnings("CatchThrowable")
    static void tell(LlmListener listener, LlmEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            LOG.warn(
                    "A listener failed at {}; the call goes on.",
                    event.getClass().getSimpleName(),
                    e);
        }
    }

    /** Lets asynchronous listeners finish, for at most a second each. */
    @Override
    public void close() {
        for (LlmListener listener : listeners) {
            if (listener instanceof AsyncListener async) {
                async.close();
            }
        }
    }
}
