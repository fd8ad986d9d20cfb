package dev.llmproxy.fake;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.Phase;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okio.Buffer;

/** A client that sends beside a call, too, to a provider that takes a moment and then says what it was told to. */
public final class EchoTransport implements Transport {
    private static final long MOMENT_NANOS = 200_000;

    private final String text;
    private final AtomicInteger sent;
    private volatile boolean cancelled;

    /**
     * Constructs a client for one call.
     *
     * @param text what the provider says
     * @param sent counts what reaches the provider
     */
    public EchoTransport(String text, AtomicInteger sent) {
        this.text = text;
        this.sent = sent;
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) {
        sent.incrementAndGet();
        attempt.mark(Phase.SEND);
        attempt.mark(Phase.WAIT);
        LockSupport.parkNanos(MOMENT_NANOS);
        String answer = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{"
                + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                + "\"},\"finish_reason\":\"stop\"}]}";
        return LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", "application/json"))
                .body(new Buffer().writeUtf8(answer))
                .build();
    }

    @Override
    public Optional<Transport> detach() {
        return Optional.of(new EchoTransport(text, sent));
    }

    @Override
    public boolean announcesCancellation() {
        return true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
