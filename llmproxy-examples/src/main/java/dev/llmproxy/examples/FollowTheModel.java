package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import okhttp3.OkHttpClient;

/** Lets the budgets follow how long each model takes, and hears what would fit better than what they are. */
public final class FollowTheModel {
    private static final int CALLS = 220;

    private FollowTheModel() {}

    /**
     * Asks a quick provider often enough to know it, and prints which budget was far too long for it.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .timeouts(Timeouts.adaptive()) // each model at each place gets what it needs
                        .on(LlmEvent.TimeoutAdvised.class, FollowTheModel::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.always(Replies.chat("Because."));
            for (int i = 0; i < CALLS; i++) {
                application.ask(false);
            }
            client.connectionPool().evictAll();
        }
    }

    private static void print(LlmEvent.TimeoutAdvised advice) {
        System.out.printf(
                "%s for %s: %s, advised is %s%s%n",
                advice.setting(),
                advice.call().model().orElse("?"),
                advice.budget(),
                advice.advised(),
                advice.followed() ? " (which is followed)" : "");
    }
}
