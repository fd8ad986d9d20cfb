package dev.llmproxy.examples;

import dev.llmproxy.auth.Token;
import dev.llmproxy.auth.TokenSource;
import java.io.IOException;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Tokens for Azure OpenAI, from Microsoft's Entra, with the secret of an application that is registered there. */
final class EntraTokens implements TokenSource {
    static final String LOGIN = "https://login.microsoftonline.com";

    private final OkHttpClient plain;
    private final String server;
    private final String tenant;
    private final String client;
    private final String secret;

    EntraTokens(OkHttpClient plain, String server, String tenant, String client, String secret) {
        this.plain = plain;
        this.server = server;
        this.tenant = tenant;
        this.client = client;
        this.secret = secret;
    }

    @Override
    public Token fetch() throws IOException {
        return OAuthAnswer.to(
                plain,
                new Request.Builder()
                        .url(server + "/" + tenant + "/oauth2/v2.0/token")
                        .post(new FormBody.Builder()
                                .add("grant_type", "client_credentials")
                                .add("client_id", client)
                                .add("client_secret", secret)
                                .add("scope", "https://cognitiveservices.azure.com/.default")
                                .build())
                        .build());
    }
}
