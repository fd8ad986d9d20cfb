package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.chain.Attempt;
import java.util.Objects;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Requests between OkHttp's form and the chain's. */
final class Requests {
    private static final RequestBody EMPTY = RequestBody.create(new byte[0], null);

    private Requests() {}

    static LlmRequest from(Request request) {
        HttpUrl url = request.url();
        LlmRequest.Builder converted = LlmRequest.builder(
                        request.method(),
                        LlmUrl.of(url.scheme(), url.host(), url.port(), url.encodedPath(), url.encodedQuery()))
                .headers(headers(request.headers()));
        RequestBody body = request.body();
        return body == null
                ? converted.build()
                : converted.body(new OkHttpBody(body)).build();
    }

    static LlmHeaders headers(Headers headers) {
        String[] namesAndValues = new String[2 * headers.size()];
        for (int i = 0; i < headers.size(); i++) {
            namesAndValues[2 * i] = headers.name(i);
            namesAndValues[2 * i + 1] = headers.value(i);
        }
        return LlmHeaders.received(namesAndValues);
    }

    /** Returns what an attempt sends: made from the application's request, so that its tags stay. */
    static Request toOkHttp(LlmRequest request, Request application, Attempt attempt) {
        LlmBody body = request.body().orElse(null);
        Request.Builder sent = application.newBuilder().headers(headers(request.headers()));
        HttpUrl url = url(request.url(), application.url());
        if (!url.equals(application.url())) {
            sent.url(url);
        }
        if (body == null && application.body() == null) {
            return sent.method(request.method(), null).build();
        }
        return sent.method(request.method(), body == null ? EMPTY : new AttemptBody(body, attempt))
                .build();
    }

    static Headers headers(LlmHeaders headers) {
        Headers.Builder converted = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            // Checked when they were set, by OkHttp or by LlmHeaders.
            converted.addUnsafeNonAscii(headers.name(i), headers.value(i));
        }
        return converted.build();
    }

    private static HttpUrl url(LlmUrl url, HttpUrl application) {
        boolean sameOrigin = application.port() == url.port()
                && application.scheme().equals(url.scheme())
                && application.host().equals(url.host());
        if (!sameOrigin) {
            return HttpUrl.get(url.href());
        }
        String query = url.query().orElse(null);
        if (application.encodedPath().equals(url.path()) && Objects.equals(application.encodedQuery(), query)) {
            return application;
        }
        return application
                .newBuilder()
                .encodedPath(url.path())
                .encodedQuery(query)
                .build();
    }
}
