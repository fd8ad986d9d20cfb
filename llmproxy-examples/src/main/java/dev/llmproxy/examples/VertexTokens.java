package dev.llmproxy.examples;

import dev.llmproxy.auth.Token;
import dev.llmproxy.auth.TokenSource;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Tokens for Google's Vertex AI, from the metadata server that every machine of Google's cloud has. */
final class VertexTokens implements TokenSource {
    static final String METADATA_SERVER = "http://metadata.google.internal";

    private final OkHttpClient plain;
    private final String server;

    VertexTokens(OkHttpClient plain, String server) {
        this.plain = plain;
        this.server = server;
    }

    @Override
    public Token fetch() throws IOException {
        return OAuthAnswer.to(
                plain,
                new Request.Builder()
                        .url(server + "/computeMetadata/v1/instance/service-accounts/default/token")
                        .header("Metadata-Flavor", "Google")
                        .build());
    }
}
