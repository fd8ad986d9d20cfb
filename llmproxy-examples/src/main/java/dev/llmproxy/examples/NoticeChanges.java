package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Hears when the calls to a model are no longer what they were, although each of them may be fine by itself. */
public final class NoticeChanges {
    private static final int USUAL = 210;
    private static final int CHANGED = 8;

    private NoticeChanges() {}

    /**
     * Asks a provider often enough to know it, and then lets it fail.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .on(LlmEvent.AnomalyDetected.class, NoticeChanges::alert)
                        .on(LlmEvent.AnomalyEnded.class, over -> System.out.println(over.metric() + " is over"))
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.always(Replies.chat("Because."));
            for (int i = 0; i < USUAL; i++) {
                application.ask(false);
            }
            provider.always(Replies.chatCutByLimit("Because"));
            for (int i = 0; i < CHANGED; i++) {
                application.ask(false);
            }
            client.connectionPool().evictAll();
        }
    }

    private static void alert(LlmEvent.AnomalyDetected change) {
        System.out.printf(
                "%s of %s at %s: %.3f instead of %.3f (%d calls)%n",
                change.metric(), change.model(), change.place(), change.present(), change.usual(), change.calls());
    }
}
