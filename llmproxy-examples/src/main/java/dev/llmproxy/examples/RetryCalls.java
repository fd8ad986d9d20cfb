package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Sends calls again, as the cause of each failure says, and tells when it does not. */
public final class RetryCalls {
    private RetryCalls() {}

    /**
     * Makes three calls to a provider that fails in three ways.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Retry retry = Retry.attempts(3) // in all
                .within(Duration.ofSeconds(30)) // no attempt begins later than that; the call's deadline holds as well
                .budget(0.2); // one repeat for five successes, and a few to begin with
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .retry(retry)
                        .on(LlmEvent.RetryScheduled.class, RetryCalls::print)
                        .on(LlmEvent.RetryRefused.class, RetryCalls::print)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            provider.enqueue(
                    Reply.status(503),
                    Replies.chat("Blue light"),
                    Replies.chat("is cut").atByte(100).cut(),
                    Replies.chat("is scattered most."),
                    Replies.rateLimit().header("Retry-After", "3600"));
            for (int i = 0; i < 3; i++) {
                System.out.println("the application sees: " + application.ask(false));
            }
            client.connectionPool().evictAll();
        }
    }

    private static void print(LlmEvent.RetryScheduled repeat) {
        System.out.println(repeat.reason().code() + ": again in "
                + repeat.delay().toMillis() + " ms" + (repeat.mayBillTwice() ? ", which may bill twice" : ""));
    }

    private static void print(LlmEvent.RetryRefused refused) {
        System.out.println(refused.reason().code() + ": not again, " + refused.why() + ", it would have waited "
                + refused.delay().toMinutes() + " min");
    }
}
