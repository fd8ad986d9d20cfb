package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import okhttp3.Authenticator;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Asks the user's authenticator what to send in place of a request that was refused for want of a credential. */
final class FollowUp {
    private FollowUp() {}

    static Optional<LlmRequest> of(
            Binding binding, @Nullable CallListener listener, LlmRequest sent, LlmResponse refused) throws IOException {
        Authenticator authenticator = authenticatorFor(binding, refused.code());
        Response response = refused.handle(Response.class).orElse(null);
        if (response == null || !isRepeatable(sent, response)) {
            return Optional.empty();
        }
        Request next = ask(authenticator, listener, response);
        return next == null || !isSameOrigin(sent.url(), next.url())
                ? Optional.empty()
                : Optional.of(changed(sent, next));
    }

    private static @Nullable Request ask(
            Authenticator authenticator, @Nullable CallListener listener, Response response) throws IOException {
        try {
            return authenticator.authenticate(listener == null ? null : listener.route(), response);
        } catch (IOException | RuntimeException | Error e) {
            // The refusal is not handed on any more.
            response.close();
            throw e;
        }
    }

    private static Authenticator authenticatorFor(Binding binding, int code) {
        return switch (code) {
            case HttpURLConnection.HTTP_UNAUTHORIZED -> binding.authenticator();
            case HttpURLConnection.HTTP_PROXY_AUTH -> binding.proxyAuthenticator();
            default -> Authenticator.NONE;
        };
    }

    // A request without a body was followed up by OkHttp itself already.
    private static boolean isRepeatable(LlmRequest sent, Response response) {
        return response.request().body() instanceof AttemptBody
                && !sent.body().map(LlmBody::isOneShot).orElse(false);
    }

    // A key that was made for one origin does not move on with a follow-up.
    private static boolean isSameOrigin(LlmUrl sent, HttpUrl next) {
        return sent.port() == next.port()
                && sent.scheme().equals(next.scheme())
                && sent.host().equals(next.host());
    }

    private static LlmRequest changed(LlmRequest sent, Request next) {
        HttpUrl url = next.url();
        return sent.toBuilder()
                .method(next.method())
                .url(sent.url().withPath(url.encodedPath()).withQuery(url.encodedQuery()))
                .headers(ClientHeaders.from(next.headers()))
                .build();
    }
}
