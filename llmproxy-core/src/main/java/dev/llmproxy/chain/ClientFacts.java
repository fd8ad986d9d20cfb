package dev.llmproxy.chain;

import java.util.Optional;

/**
 * What an HTTP client knows of itself around an attempt. A binding implements what it can see; it is asked when an attempt
 * has failed or waited, on the thread of the call.
 */
public interface ClientFacts {
    /** What is known where a binding sees nothing. */
    ClientFacts UNKNOWN = new ClientFacts() {};

    /**
     * Returns how long the call waited in the client's own queue before the proxy got it. Cheap: asked of every call.
     *
     * @return nanoseconds, 0 where it did not wait or the binding cannot see it
     */
    default long queuedNanos() {
        return 0;
    }

    /**
     * Returns how busy the client is now.
     *
     * @return its load, or nothing
     */
    default Optional<ClientLoad> load() {
        return Optional.empty();
    }

    /**
     * Returns what the name of the host resolved to.
     *
     * @return the addresses of this attempt and of those before, or nothing where no name was looked up
     */
    default Optional<NameAnswers> names() {
        return Optional.empty();
    }
}
