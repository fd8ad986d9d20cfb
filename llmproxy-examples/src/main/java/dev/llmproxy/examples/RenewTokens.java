package dev.llmproxy.examples;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Signs calls with tokens that live for minutes: one call fetches a new one in time, all others use it. */
public final class RenewTokens {
    private RenewTokens() {}

    /**
     * Makes two calls with one token, from a scripted metadata server. In earnest that is
     * {@link VertexTokens#METADATA_SERVER}.
     *
     * @param args nothing
     * @throws InterruptedException if the program is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        OkHttpClient plain = new OkHttpClient();
        try (ScriptedProvider server = ScriptedProvider.start();
                ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder()
                        .credentials(Credentials.token(provider.url("/"), new VertexTokens(plain, server.url())))
                        .build()) {
            server.enqueue(Reply.json(200, "{\"access_token\":\"ya29.first\",\"expires_in\":3599}"));
            provider.enqueue(Replies.chat("Because."), Replies.chat("Because."));
            OkHttpClient client = OkHttpLlmProxy.wrap(plain, proxy);
            Application application = new Application(client, provider.url("/v1"));
            application.ask(false);
            application.ask(false);
            print(provider.takeRequest(Duration.ofSeconds(5)));
            print(provider.takeRequest(Duration.ofSeconds(5)));
            System.out.println(server.requests().size() + " token fetched");
            client.connectionPool().evictAll();
        }
    }

    private static void print(ReceivedRequest request) {
        System.out.println(request.header("Authorization").orElse("unsigned").replaceAll("Bearer .*", "signed"));
    }
}
