package dev.llmproxy.event;

/**
 * Hears every event together with the time: what the proxy itself listens with. Whoever tells an event mostly knows the
 * time already, and several listeners that need it do not read the clock each for itself.
 */
@FunctionalInterface
public interface TimedListener {
    /**
     * Called when something happened.
     *
     * @param event what happened
     * @param now nanoseconds of the proxy's ticker
     */
    void onEvent(LlmEvent event, long now);

    /**
     * Says whether this has to hear of calls and attempts that begin: who only looks at how they end is not told of them.
     *
     * @return whether it is told
     */
    default boolean hearsBeginnings() {
        return true;
    }
}
