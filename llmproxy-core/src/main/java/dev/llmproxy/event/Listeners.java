package dev.llmproxy.event;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners of a proxy. What one of them throws is logged and goes nowhere else. Thread-safe. */
public final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.event");

    private final TimedListener[] own;
    private final LlmListener[] listeners;

    /**
     * Constructs the group.
     *
     * @param listeners who hears each event, in this order
     */
    public Listeners(List<LlmListener> listeners) {
        this(List.of(), listeners);
    }

    /**
     * Constructs the group.
     *
     * @param own those of the proxy itself, which hear each event first
     * @param listeners who hears it then, in this order
     */
    public Listeners(List<TimedListener> own, List<LlmListener> listeners) {
        this.own = own.toArray(new TimedListener[0]);
        this.listeners = listeners.toArray(new LlmListener[0]);
    }

    /**
     * Says whether anybody listens.
     *
     * @return whether an event would be heard
     */
    public boolean isEmpty() {
        return own.length == 0 && listeners.length == 0;
    }

    /**
     * Tells everybody.
     *
     * @param event what happened
     * @param now nanoseconds of the proxy's ticker
     */
    public void tell(LlmEvent event, long now) {
        for (TimedListener listener : own) {
            tell(listener, event, now);
        }
        for (LlmListener listener : listeners) {
            tell(listener, event);
        }
    }

    // Throwable: a stack overflow or a failed assertion in a listener is not the call's fault either.
    @SuppressWarnings("CatchThrowable")
    private static void tell(TimedListener listener, LlmEvent event, long now) {
        try {
            listener.onEvent(event, now);
        } catch (Throwable e) {
            warn(event, e);
        }
    }

    @SuppressWarnings("CatchThrowable") // as above
    static void tell(LlmListener listener, LlmEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            warn(event, e);
        }
    }

    private static void warn(LlmEvent event, Throwable thrown) {
        LOG.warn("A listener failed at {}; the call goes on.", event.getClass().getSimpleName(), thrown);
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
