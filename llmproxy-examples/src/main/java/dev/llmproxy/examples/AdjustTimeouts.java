package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Gives each phase of a call its own time. What is not set keeps its standard, which is sized for language models. */
public final class AdjustTimeouts {
    private AdjustTimeouts() {}

    /**
     * Lets a provider be silent in two ways and busy in one that helps nobody, and prints which budget ended it and what would be longer.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Timeouts timeouts = Timeouts.standard()
                .connect(Duration.ofSeconds(5))
                .firstByte(Duration.ofMillis(600)) // nearly the whole time of a plain answer: minutes, in earnest
                .firstToken(Duration.ofMillis(500)) // of a stream: only payload counts, a keep-alive does not
                .betweenTokens(Duration.ofMillis(400)) // so it does in the middle of a stream
                .betweenBytes(Duration.ofMillis(300)) // silence, keep-alives or not
                .attempt(Duration.ofMinutes(3))
                .call(Duration.ofMinutes(5));
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .timeouts(timeouts)
                        .onFault(AdjustTimeouts::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(
                    Reply.none(),
                    Replies.chatStream("Blue ", "light").afterEvent(1).stall(),
                    Reply.stream("text/event-stream", ": ping\n\n".repeat(2), ": ping\n\n".repeat(40))
                            .afterEvent(1)
                            .drip(Duration.ofMillis(20)));
            application.ask(false);
            application.ask(true);
            application.ask(true);
            client.connectionPool().evictAll();
        }
    }

    private static void print(Fault fault) {
        System.out.println(fault);
        fault.remedies().forEach(remedy -> remedy.setting().ifPresent(set -> System.out.println("  longer: " + set)));
    }
}
