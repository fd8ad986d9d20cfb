package dev.llmproxy.okhttp;

import java.io.IOException;
import okhttp3.Authenticator;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** The user's authenticator, for what is not an attempt: OkHttp would drop what it answers to a one-shot body. */
final class OriginAuthenticator implements Authenticator {
    private final Authenticator users;

    OriginAuthenticator(Authenticator users) {
        this.users = users;
    }

    /** Returns what the application has set. */
    Authenticator users() {
        return users;
    }

    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) throws IOException {
        return response.request().body() instanceof AttemptBody ? null : users.authenticate(route, response);
    }
}
