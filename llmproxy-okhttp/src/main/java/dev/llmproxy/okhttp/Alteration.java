package dev.llmproxy.okhttp;

import dev.llmproxy.call.CredentialHeaders;
import java.io.IOException;
import java.util.Objects;
import java.util.StringJoiner;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was changed in a request between llmproxy and the wire: by an interceptor that was added later, or by a
 * network interceptor. Headers are not compared, except for the body's own and those that carry a credential: most
 * interceptors exist to add some.
 *
 * <p>The same body object writes the same bytes, so that nothing has to be digested.
 */
final class Alteration {
    private Alteration() {}

    /** Returns what was changed, without any of the content; or null. */
    @SuppressWarnings("ReferenceEquality") // what nobody has touched is the same object
    static @Nullable String between(Request handed, Request sent) {
        boolean sameUrl = handed.url() == sent.url() || handed.url().equals(sent.url());
        boolean sameBody = handed.body() == sent.body();
        if (sameUrl && sameBody && handed.method().equals(sent.method()) && hasSameType(handed, sent)) {
            return null;
        }
        StringJoiner what = new StringJoiner(", ");
        if (!handed.method().equals(sent.method())) {
            what.add("method");
        }
        addUrl(handed.url(), sent.url(), what);
        if (!sameBody) {
            what.add(describe(handed.body(), sent));
        }
        if (!hasSameType(handed, sent)) {
            what.add("Content-Type");
        }
        return what.toString();
    }

    /** Says whether a credential or a cookie was added, changed or taken away. */
    @SuppressWarnings("ReferenceEquality") // what nobody has touched is the same object
    static boolean isResigned(Request handed, Request sent) {
        return handed != sent
                && (hasMore(handed.headers(), sent.headers()) || hasMore(sent.headers(), handed.headers()));
    }

    private static boolean hasMore(Headers known, Headers looked) {
        for (int i = 0, size = looked.size(); i < size; i++) {
            String name = looked.name(i);
            if (!has(known, name, looked.value(i)) && isCredential(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(Headers headers, String name, String value) {
        for (int i = 0, size = headers.size(); i < size; i++) {
            if (headers.name(i).equalsIgnoreCase(name) && headers.value(i).equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCredential(String name) {
        return CredentialHeaders.isOne(name) || name.equalsIgnoreCase("Cookie") || CredentialHeaders.mayBeKey(name);
    }

    private static void addUrl(HttpUrl handed, HttpUrl sent, StringJoiner what) {
        boolean sameOrigin = handed.host().equals(sent.host())
                && handed.port() == sent.port()
                && handed.scheme().equals(sent.scheme());
        if (!sameOrigin) {
            what.add("host");
        }
        if (!handed.encodedPath().equals(sent.encodedPath())) {
            what.add("path");
        }
        if (!Objects.equals(handed.encodedQuery(), sent.encodedQuery())) {
            what.add("query");
        }
    }

    // OkHttp itself sets the header to the type of the body, if the body has one.
    private static boolean hasSameType(Request handed, Request sent) {
        RequestBody body = handed.body();
        MediaType type = body == null ? null : body.contentType();
        String expected = type == null ? handed.header("Content-Type") : type.toString();
        return Objects.equals(expected, sent.header("Content-Type"));
    }

    private static String describe(@Nullable RequestBody handed, Request sent) {
        String encoded = sent.header("Content-Encoding") == null ? "" : ", encoded";
        return "body (" + lengthOf(handed) + ", now " + lengthOf(sent.body()) + encoded + ")";
    }

    private static String lengthOf(@Nullable RequestBody body) {
        if (body == null) {
            return "none";
        }
        try {
            return body.contentLength() < 0 ? "of unknown length" : body.contentLength() + " bytes";
        } catch (IOException e) {
            return "of unknown length";
        }
    }
}
