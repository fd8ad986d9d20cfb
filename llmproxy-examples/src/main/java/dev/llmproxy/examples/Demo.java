package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;

/**
 * Lets a scripted provider answer, refuse, stay silent and hang up, and prints what the application sees, what llmproxy
 * says of it, and the totals. With {@code --live} it makes one call to OpenAI instead, with the key in
 * {@code OPENAI_API_KEY}.
 */
public final class Demo {
    private Demo() {}

    /**
     * Runs the demo.
     *
     * @param args {@code --live} for one real call
     */
    public static void main(String[] args) {
        if (List.of(args).contains("--live")) {
            WrapAClient.main(new String[0]);
        } else {
            play();
        }
    }

    private static void play() {
        Totals totals = new Totals();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .credentials(Credentials.bearer(provider.url(), ApiKey.of("sk-demo-0123456789abcdef")))
                        .timeouts(Timeouts.standard()
                                .firstByte(Duration.ofSeconds(1))
                                .betweenBytes(Duration.ofMillis(500)))
                        .onFault(fault -> System.out.print(fault.explain()))
                        .listener(totals)
                        .build()) {
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            Application application = new Application(client, provider.url("/v1"));
            for (Scene scene : Scene.all()) {
                provider.enqueue(scene.reply());
                System.out.println("== " + scene.title());
                System.out.println(
                        "the application sees: " + application.ask(scene.streamed()) + System.lineSeparator());
            }
            client.connectionPool().evictAll();
        }
        System.out.print("== Totals\n" + totals);
    }
}
