package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmUrl;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * URLs between OkHttp's form and the chain's. Remembers the last one: a client mostly calls one place. Thread-safe; of
 * two threads that meet the later one's is kept.
 */
final class Urls {
    private volatile @Nullable Pair last;

    LlmUrl from(HttpUrl url) {
        Pair known = last;
        if (known == null || !known.client.equals(url)) {
            LlmUrl own = LlmUrl.of(url.scheme(), url.host(), url.port(), url.encodedPath(), url.encodedQuery());
            known = new Pair(url, own);
            last = known;
        }
        return known.own;
    }

    /** Puts a URL in place of the application's own, unless the stages left that as it was. */
    @SuppressWarnings("ReferenceEquality") // asks whether anybody changed it
    void put(LlmUrl wanted, HttpUrl application, Request.Builder into) {
        if (wanted != from(application)) {
            into.url(toOkHttp(wanted, application));
        }
    }

    private static HttpUrl toOkHttp(LlmUrl url, HttpUrl application) {
        boolean sameOrigin = application.port() == url.port()
                && application.scheme().equals(url.scheme())
                && application.host().equals(url.host());
        if (!sameOrigin) {
            return HttpUrl.get(url.href());
        }
        return application
                .newBuilder()
                .encodedPath(url.path())
                .encodedQuery(url.query().orElse(null))
                .build();
    }

    private record Pair(HttpUrl client, LlmUrl own) {}
}
