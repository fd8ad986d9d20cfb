package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Hears what happens to calls: every fault, one kind of event, and everything on a thread of its own. */
public final class ListenForFaults {
    private ListenForFaults() {}

    /**
     * Makes a call that is answered and one that is refused.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .onFault(ListenForFaults::alert)
                        .on(LlmEvent.CallSucceeded.class, ListenForFaults::measure)
                        .listener(LlmListener.async(ListenForFaults::audit, 1_000)) // slow work belongs here
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("Blue light is scattered most."), Replies.rateLimit());
            application.ask(false);
            application.ask(false);
            client.connectionPool().evictAll();
        }
    }

    private static void alert(Fault fault) {
        System.out.printf(
                "%s: %s (%s, %.2f sure)%n", fault.cause().code(), fault.summary(), fault.blame(), fault.confidence());
        fault.evidence("asks to wait").ifPresent(wait -> System.out.println("  wait: " + wait));
        fault.remedies().forEach(remedy -> System.out.println("  do: " + remedy));
    }

    private static void measure(LlmEvent.CallSucceeded end) {
        String model = end.call().model().orElse("?");
        System.out.printf("answered by %s: %d bytes, %s attempt%n", model, end.bytes(), end.attempts());
    }

    private static void audit(LlmEvent event) {
        switch (event.getClass().getSimpleName()) {
            case "CallFailed" ->
                System.out.println(
                        "audit: " + ((LlmEvent.CallFailed) event).fault().cause());
            default -> {} // new kinds of events may come
        }
    }
}
