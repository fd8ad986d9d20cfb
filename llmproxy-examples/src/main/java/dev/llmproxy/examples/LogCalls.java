package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.logging.Logging;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import okhttp3.OkHttpClient;

/** Writes calls to the log: one line for each, and one warning for a cause that comes up again and again. */
public final class LogCalls {
    private LogCalls() {}

    /**
     * Makes a call that is answered and three that are refused.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        LlmProxy proxy = LlmProxy.builder().logging(Logging.calls()).build();
        try (proxy;
                ScriptedProvider provider = ScriptedProvider.start()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(Replies.chat("Because."), Replies.noCredit(), Replies.noCredit(), Replies.noCredit());
            for (int i = 0; i < 4; i++) {
                System.out.println(application.ask(false));
            }
            client.connectionPool().evictAll();
        }
    }
}
