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
     * Lets a provider be silent in two ways, and prints which budget ended it and what would be longer.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Timeouts timeouts = Timeouts.standard()
                .connect(Duration.ofSeconds(5))
                .firstByte(Duration.ofMillis(600)) // nearly the whole time of a plain answer: minutes, in earnest
                .betweenBytes(Duration.ofMillis(300)) // silence in the middle of an answer
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
                    Replies.chatStream("Blue ", "light").afterEvent(1).stall());
            application.ask(false);
            application.ask(true);
            client.connectionPool().evictAll();
        }
    }

    private static void print(Fault fault) {
        System.out.println(fault);
        fault.remedies().forEach(remedy -> remedy.setting().ifPresent(set -> System.out.println("  longer: " + set)));
    }
}
