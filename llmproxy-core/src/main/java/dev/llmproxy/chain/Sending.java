package dev.llmproxy.chain;

import dev.llmproxy.call.CredentialHeaders;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.fault.LlmFaultException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how the request of an attempt goes out. Written by a binding, on the one thread at a time that runs
 * the client's network stage of a call.
 */
public final class Sending {
    private int wireAttempts;
    private long bytes;
    private boolean bodyFailed;
    private @Nullable SendingCheck check;
    private @Nullable Runnable meanwhile;
    private @Nullable String alteration;
    private @Nullable LlmRequest signed;
    private @Nullable LlmBody body;
    private @Nullable LlmBody asking;
    private @Nullable LlmBody renamed;
    private boolean resigned;
    private boolean moved;

    Sending() {}

    /** Notes which body stands for another one, because it names the same model otherwise. */
    void renamed(@Nullable LlmBody before, @Nullable LlmBody after) {
        asking = before;
        renamed = after;
    }

    /** Notes what the stages around the attempt begin with. */
    void signed(LlmRequest request) {
        signed = request;
        body = request.body().orElse(null);
    }

    /** Notes what they have made of it. */
    @SuppressWarnings("ReferenceEquality") // what nobody has touched is the same object
    void handed(LlmRequest request) {
        LlmRequest before = signed;
        signed = null;
        if (before != null && before != request) {
            body = request.body().orElse(null);
            resigned = !CredentialHeaders.areSame(before, request);
            moved = !before.url().origin().equals(request.url().origin())
                    || !before.url().path().equals(request.url().path());
        }
    }

    /** Notes that the request goes out with another credential than it was signed with. */
    public void resigned() {
        resigned = true;
    }

    /**
     * Says whether the request went out with another credential than it was signed with.
     *
     * @return whether a stage around the attempt, or what comes after it, has changed it, as far as was seen
     */
    public boolean isResigned() {
        return resigned;
    }

    /**
     * Says whether a stage around the attempt has sent the request to another place.
     *
     * @return whether its origin or its path was changed
     */
    public boolean isMoved() {
        return moved;
    }

    /**
     * Says whether a body was handed to the HTTP client, by itself or with the name that the deployment has for its model.
     *
     * @param asked the body that was asked to be sent
     * @return whether it is that one, and none that a stage has put in its place
     */
    @SuppressWarnings("ReferenceEquality") // what nobody has touched is the same object
    public boolean isOf(LlmBody asked) {
        return body == asked || (asking == asked && body == renamed);
    }

    /** Notes that the request goes out on a connection: once, unless the client sends it again by itself. */
    public void onWire() {
        wireAttempts++;
    }

    /**
     * Returns how often the request went out.
     *
     * @return the count, 0 where the binding cannot see it
     */
    public int wireAttempts() {
        return wireAttempts;
    }

    /**
     * Lets somebody hear whether the HTTP client sends what it was handed. Of several only the last one does.
     *
     * @param check who hears it
     */
    public void check(SendingCheck check) {
        this.check = Objects.requireNonNull(check, "check");
    }

    /**
     * Says whether anybody wants to know if the HTTP client sends something else.
     *
     * @return whether a binding that can see it should look
     */
    public boolean isChecked() {
        return check != null;
    }

    /**
     * Notes that the HTTP client is about to send something else than it was handed. For bindings, before a byte of it
     * is written.
     *
     * @param what what was changed: words of HTTP and lengths, never content
     * @throws LlmFaultException if it is not to be sent
     */
    public void altered(String what) throws LlmFaultException {
        alteration = Objects.requireNonNull(what, "what");
        if (check != null) {
            check.altered(what);
        }
    }

    /**
     * Notes that the answer was there before the request was sent, so that it belongs to another one. For bindings.
     *
     * @throws LlmFaultException if it is not to be handed on
     */
    public void answeredBefore() throws LlmFaultException {
        if (check != null) {
            check.answeredBefore();
        }
    }

    /**
     * Has something done while the answer is waited for, when nobody loses time by it. Of several only the last one is
     * done, and none where the binding cannot tell when it waits.
     *
     * @param task what can be done before the answer is there, and afterwards as well
     */
    public void meanwhile(Runnable task) {
        meanwhile = Objects.requireNonNull(task, "task");
    }

    /**
     * Notes that the request has been written, and that the thread of the attempt is about to wait for the answer. For
     * bindings; not called by those that cannot tell.
     */
    public void answerAwaited() {
        Runnable task = meanwhile;
        meanwhile = null;
        if (task != null) {
            run(task);
        }
    }

    // It runs inside the client, which does not expect anything to be thrown. Whoever needs what it has not done sees
    // why.
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Done when the answer is there.
        }
    }

    /**
     * Returns what the HTTP client sent instead of what it was handed.
     *
     * @return what was changed, or nothing as far as a binding has seen
     */
    public Optional<String> alteration() {
        return Optional.ofNullable(alteration);
    }

    /**
     * Notes how much of the request's body the client has taken.
     *
     * @param count the number of bytes so far
     */
    public void sent(long count) {
        bytes = count;
    }

    /**
     * Returns how much of the request's body the client has taken.
     *
     * @return the number of bytes
     */
    public long bytes() {
        return bytes;
    }

    /** Notes that the application's own request body threw while it was written. */
    public void bodyFailed() {
        bodyFailed = true;
    }

    /**
     * Says whether the application's own request body failed.
     *
     * @return whether it threw while it was written
     */
    public boolean didBodyFail() {
        return bodyFailed;
    }

    /** Returns how much was sent, and how often. */
    @Override
    public String toString() {
        return bytes + " bytes sent" + (wireAttempts > 1 ? ", " + wireAttempts + " times" : "");
    }
}
