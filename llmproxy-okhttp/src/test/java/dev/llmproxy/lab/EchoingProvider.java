package dev.llmproxy.lab;

import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A scripted provider that adds something to each of its replies. */
final class EchoingProvider implements AutoCloseable {
    private final ScriptedProvider provider;
    private final UnaryOperator<Reply> echo;

    EchoingProvider(ScriptedProvider provider, UnaryOperator<Reply> echo) {
        this.provider = provider;
        this.echo = echo;
    }

    void enqueue(Reply... replies) {
        provider.enqueue(Stream.of(replies).map(echo).toArray(Reply[]::new));
    }

    void always(Reply reply) {
        provider.always(echo.apply(reply));
    }

    int port() {
        return provider.port();
    }

    String url() {
        return provider.url();
    }

    String url(String path) {
        return provider.url(path);
    }

    ReceivedRequest takeRequest(Duration timeout) throws InterruptedException {
        return provider.takeRequest(timeout);
    }

    @Override
    public void close() {
        provider.close();
    }

    @Override
    public String toString() {
        return "echoing " + provider;
    }
}
