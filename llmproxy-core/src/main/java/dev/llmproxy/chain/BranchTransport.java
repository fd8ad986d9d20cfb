package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends each attempt of a branch as a call of its own to the client, so that the branch can be ended alone. */
final class BranchTransport implements Transport {
    private final CallContext root;
    private final Consumer<Attempt> sending;
    private @Nullable Transport unused;
    private volatile @Nullable Transport current;
    private volatile boolean cancelled;

    /**
     * Constructs the transport.
     *
     * @param first what sends the first attempt
     * @param sending is told of each attempt before it is sent
     */
    BranchTransport(CallContext root, Transport first, Consumer<Attempt> sending) {
        this.root = root;
        this.unused = first;
        this.sending = sending;
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
        Transport detached = next();
        current = detached;
        // Looked at after it was set: who cancels looks the other way round.
        if (isCancelled()) {
            throw new InterruptedIOException("canceled");
        }
        sending.accept(attempt);
        return detached.send(request, attempt);
    }

    private Transport next() throws IOException {
        Transport first = unused;
        unused = null;
        return first != null
                ? first
                : root.transport()
                        .detach()
                        .orElseThrow(() -> new IOException("the client cannot send another detached attempt"));
    }

    @Override
    public boolean isCancelled() {
        return cancelled || root.isCancelled();
    }

    @Override
    public Optional<Ending> ending() {
        Transport sent = current;
        return sent == null ? Transport.super.ending() : sent.ending();
    }

    @Override
    public boolean announcesCancellation() {
        return true;
    }

    @Override
    public boolean mayRedirect() {
        return root.transport().mayRedirect();
    }

    @Override
    public void cancel() {
        cancelled = true;
        Transport sent = current;
        if (sent != null) {
            sent.cancel();
        }
    }

    @Override
    public void observe(Throwable thrown, Attempt attempt) {
        Transport sent = current;
        if (sent != null) {
            sent.observe(thrown, attempt);
        }
    }

    @Override
    public Optional<LlmRequest> followUp(LlmRequest sent, LlmResponse refused) throws IOException {
        Transport by = current;
        return by == null ? Optional.empty() : by.followUp(sent, refused);
    }

    @Override
    public String toString() {
        return "branch of " + root.id();
    }
}
