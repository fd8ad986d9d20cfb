package dev.llmproxy.event;

import java.util.List;
import java.util.stream.Stream;

/** All listeners of a proxy. What one of them throws is logged and goes nowhere else. Thread-safe. */
public final class Listeners implements AutoCloseable {
    private final List<LlmListener> listeners;
    private final GuardedListener[] guarded;
    private final GuardedListener[] ofBeginnings;

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
        this.listeners = List.copyOf(listeners);
        this.guarded = Stream.concat(own.stream(), listeners.stream().map(Listeners::timed))
                .map(GuardedListener::new)
                .toArray(GuardedListener[]::new);
        this.ofBeginnings =
                Stream.of(guarded).filter(GuardedListener::hearsBeginnings).toArray(GuardedListener[]::new);
    }

    private static TimedListener timed(LlmListener listener) {
        return listener instanceof TimedListener timed ? timed : (event, now) -> listener.onEvent(event);
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
     * @param now nanoseconds of the proxy's ticker
     */
    public void tell(LlmEvent event, long now) {
        for (GuardedListener listener : isBeginning(event) ? ofBeginnings : guarded) {
            listener.tell(event, now);
        }
    }

    private static boolean isBeginning(LlmEvent event) {
        return event instanceof LlmEvent.CallStarted || event instanceof LlmEvent.AttemptStarted;
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
