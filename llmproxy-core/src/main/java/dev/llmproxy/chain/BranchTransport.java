package dev.llmproxy.chain;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends each attempt of a part of a call as a call of its own to the client, so that the part can be ended alone. */
final class BranchTransport implements Transport {
    private final CallContext root;
    private final Supplier<Optional<Transport>> another;
    private final Consumer<Attempt> sending;
    private volatile boolean free;
    private @Nullable Transport unused;
    private volatile @Nullable Transport current;
    private volatile boolean cancelled;

    /**
     * Constructs the transport.
     *
     * @param root the call; when it is cancelled, this is, too
     * @param another detaches from the client
     * @param first what sends the first attempt
     * @param sending is told of each attempt before it is sent
     */
    BranchTransport(
            CallContext root, Supplier<Optional<Transport>> another, Transport first, Consumer<Attempt> sending) {
        this.root = root;
        this.another = another;
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
                : another.get().orElseThrow(() -> new IOException("the client cannot send another detached attempt"));
    }

    /** From now on the end of the call is not the end of this. */
    void free() {
        free = true;
    }

    @Override
    public Optional<Transport> detach() {
        return another.get();
    }

    @Override
    public boolean isCancelled() {
        return cancelled || (!free && root.isCancelled());
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
        return "part of " + root.id();
    }
}
