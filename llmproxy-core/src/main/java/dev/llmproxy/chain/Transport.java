package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * What sends: an HTTP client, as its binding shows it to the chain. One transport serves one call.
 *
 * <p>A binding tells the {@link Attempt} what it sees on the way: phases, bytes, the connection.
 */
@FunctionalInterface
public interface Transport {
    /**
     * Sends one request and returns when the answer's headers are there. Keeps the attempt's limits for connecting,
     * sending and silence, and sends a body at most once.
     *
     * @param request the request
     * @param attempt what is to be told of it
     * @return the answer; its body is open
     * @throws IOException if there is none
     */
    LlmResponse send(LlmRequest request, Attempt attempt) throws IOException;

    /**
     * Called once, before anything else.
     *
     * @param call the call that this transport serves
     */
    default void callStarted(CallContext call) {}

    /**
     * Says whether the application has ended the call.
     *
     * @return whether nothing more may be sent
     */
    default boolean isCancelled() {
        return false;
    }

    /**
     * Returns who ended the call.
     *
     * @return the application or its HTTP client's own timeout; nothing while the call goes on
     */
    default Optional<Ending> ending() {
        return isCancelled() ? Optional.of(Ending.byCaller()) : Optional.empty();
    }

    /**
     * Says whether the binding calls {@link CallContext#cancelled} when the application ends the call. Where it does
     * not, waits look for it themselves.
     *
     * @return whether waits are woken
     */
    default boolean announcesCancellation() {
        return false;
    }

    /**
     * Says whether the client may send the request on to another host by itself.
     *
     * @return whether it may follow redirects
     */
    default boolean mayRedirect() {
        return false;
    }

    /** Ends the call: whoever reads from it gets an exception at once. */
    default void cancel() {}

    /**
     * Called when an attempt has failed, before it is diagnosed: tells the attempt what the client's own exceptions show.
     *
     * @param thrown what was thrown
     * @param attempt the attempt
     */
    default void observe(Throwable thrown, Attempt attempt) {}

    /**
     * Asks the client's own authenticator what to do about an answer that demands a credential (401 or 407).
     *
     * @param sent the request that was refused
     * @param refused the answer; its body is open
     * @return the request to send instead, to the same origin; or nothing
     * @throws IOException if the authenticator fails
     */
    default Optional<LlmRequest> followUp(LlmRequest sent, LlmResponse refused) throws IOException {
        return Optional.empty();
    }

    /**
     * Returns a transport for an attempt that runs beside this call or outlives it. It belongs to whoever asked for it:
     * it ends with its answer's body or by its own {@link #cancel}, not with this call.
     *
     * @return the transport, for one attempt; nothing where the client cannot do that
     */
    default Optional<Transport> detach() {
        return Optional.empty();
    }

    /**
     * Returns a transport like that of {@link #detach}, which the time that the client allows the whole call does not end
     * either: for what other calls share.
     *
     * @return the transport, for one attempt; what {@link #detach} returns if not overridden
     */
    default Optional<Transport> detachUntimed() {
        return detach();
    }
}
