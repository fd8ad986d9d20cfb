package dev.llmproxy.examples;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.auth.Token;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** What an identity provider answers: a token and for how many seconds it is good. */
final class OAuthAnswer {
    private OAuthAnswer() {}

    static Token to(OkHttpClient plain, Request request) throws IOException {
        try (Response response = plain.newCall(request).execute();
                JsonReader json = JsonReader.of(response.body().source())) {
            if (!response.isSuccessful()) {
                throw new IOException("the identity provider answered " + response.code());
            }
            return read(json);
        }
    }

    private static Token read(JsonReader json) throws IOException {
        String token = "";
        Duration lifetime = Duration.ZERO;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "access_token" -> token = json.nextString();
                case "expires_in" -> lifetime = Duration.ofSeconds(json.nextLong());
                default -> json.skipValue();
            }
        }
        json.endObject();
        return Token.expiringIn(token, lifetime);
    }
}
