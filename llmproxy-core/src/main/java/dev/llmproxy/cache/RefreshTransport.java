package dev.llmproxy.cache;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Transport;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends what no application waits for: each attempt is detached from the call that it was begun for. */
final class RefreshTransport implements Transport {
    private final Transport client;
    private @Nullable Transport unused;
    private volatile Transport current;
    private volatile boolean cancelled;

    RefreshTransport(Transport client, Transport first) {
        this.client = client;
        this.unused = first;
        this.current = first;
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
        current = next();
        if (cancelled) {
            current.cancel();
        }
        return current.send(request, attempt);
    }

    private Transport next() throws IOException {
        Transport first = unused;
        unused = null;
        return first != null
                ? first
                : client.detachUntimed()
                        .orElseThrow(() -> new IOException("the client cannot send another detached attempt"));
    }

    @Override
    public boolean isCancelled() {
        return cancelled || current.isCancelled();
    }

    @Override
    public Optional<Ending> ending() {
        return current.ending();
    }

    @Override
    public boolean mayRedirect() {
        return client.mayRedirect();
    }

    @Override
    public void cancel() {
        cancelled = true;
        current.cancel();
    }

    @Override
    public void observe(Throwable thrown, Attempt attempt) {
        current.observe(thrown, attempt);
    }

    @Override
    public Optional<LlmRequest> followUp(LlmRequest sent, LlmResponse refused) throws IOException {
        return current.followUp(sent, refused);
    }

    @Override
    public Optional<Transport> detach() {
        return client.detachUntimed();
    }

    @Override
    public String toString() {
        return "refresh over " + client;
    }
}
