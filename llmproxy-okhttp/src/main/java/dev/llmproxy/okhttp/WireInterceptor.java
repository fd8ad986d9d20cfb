package dev.llmproxy.okhttp;

import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import dev.llmproxy.call.Signature;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Framing;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketException;
import okhttp3.Connection;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * The network interceptor: sees what really goes out. Nothing of a request has been written when it runs, so a key that
 * is about to go to a foreign host is stopped here, whoever changed the URL; and what others changed in the request is
 * told.
 */
final class WireInterceptor implements Interceptor {
    private final Binding binding;

    WireInterceptor(Binding binding) {
        this.binding = binding;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Attempt attempt = attemptOf(chain);
        if (attempt == null) {
            return chain.proceed(chain.request());
        }
        attempt.sending().onWire();
        checkOrigin(chain, attempt);
        Request handed = handedOn(chain);
        if (handed != null) {
            compare(handed, chain.request(), attempt);
        }
        EarlyAnswer early = attempt.sending().isChecked() ? earlyAnswer(chain) : null;
        Response response = chain.proceed(chain.request());
        checkLength(response);
        checkProxy(chain, response);
        if (early != null && early.is(response)) {
            refuse(early, response, attempt);
        }
        noteFraming(chain.request(), response, attempt);
        liftReadLimit(chain.connection());
        return counted(LongWaits.hidden(response), attempt);
    }

    private @Nullable Attempt attemptOf(Chain chain) {
        DetachedTransport detached = binding.detachedOf(chain.call());
        if (detached != null) {
            return detached.attempt();
        }
        CallListener listener = binding.listenerOf(chain.call());
        if (listener == null) {
            return null;
        }
        listener.sendingOn(chain.connection());
        return listener.attempt();
    }

    private static void checkOrigin(Chain chain, Attempt attempt) throws LlmFaultException {
        Signature signature = attempt.signature().orElse(null);
        if (signature == null) {
            return;
        }
        HttpUrl url = chain.request().url();
        if (!signature.origin().contains(LlmUrl.of(url.scheme(), url.host(), url.port(), "/", null))) {
            throw new LlmFaultException(otherHost(signature.origin(), url), null);
        }
        if (isPlain(chain) && !isLoopback(chain.connection())) {
            throw new LlmFaultException(notLoopback(url), null);
        }
    }

    // An https URL, too, where the client was set to nothing but plain connections.
    private static boolean isPlain(Chain chain) {
        Connection used = chain.connection();
        return used == null ? !chain.request().isHttps() : used.handshake() == null;
    }

    private static void compare(Request handed, Request sent, Attempt attempt) throws LlmFaultException {
        if (Alteration.isResigned(handed, sent)) {
            attempt.sending().resigned();
        }
        String what = attempt.sending().isChecked() ? Alteration.between(handed, sent) : null;
        if (what != null) {
            attempt.sending().altered(what);
        }
    }

    private @Nullable EarlyAnswer earlyAnswer(Chain chain) {
        CallListener listener = binding.listenerOf(chain.call());
        return listener == null ? null : EarlyAnswer.before(chain.connection(), listener.socket());
    }

    private static void refuse(EarlyAnswer early, Response response, Attempt attempt) throws LlmFaultException {
        try {
            attempt.sending().answeredBefore();
        } catch (LlmFaultException e) {
            early.discard(response);
            throw e;
        }
    }

    private @Nullable Request handedOn(Chain chain) {
        DetachedTransport detached = binding.detachedOf(chain.call());
        if (detached != null) {
            return detached.request();
        }
        CallListener listener = binding.listenerOf(chain.call());
        return listener == null ? null : listener.request();
    }

    private static boolean isLoopback(@Nullable Connection connection) {
        return connection != null
                && connection.route().proxy().type() == Proxy.Type.DIRECT
                && connection.route().socketAddress().getAddress() != null
                && connection.route().socketAddress().getAddress().isLoopbackAddress();
    }

    private static Fault otherHost(Origin origin, HttpUrl url) {
        return Fault.builder(FaultCause.KEY_HOST_MISMATCH)
                .summary("the key for " + origin + " was about to go to " + url.host() + "; nothing was sent")
                .where(url.host())
                .evidence("key belongs to", origin)
                .evidence("request goes to", url.scheme() + "://" + url.host() + ":" + url.port())
                .remedy("look for an interceptor that changes the URL after llmproxy has signed the request")
                .remedy("give the other host credentials of its own")
                .build();
    }

    private static Fault notLoopback(HttpUrl url) {
        return Fault.builder(FaultCause.PLAINTEXT_REFUSED)
                .summary("the key for " + url.host() + " was about to leave this machine over plain HTTP; nothing was"
                        + " sent")
                .where(url.host())
                .remedy(
                        url.isHttps()
                                ? "let the client speak TLS: its connectionSpecs have none that does"
                                : "use https in the base URL, or 127.0.0.1 in place of a name that resolves elsewhere")
                .build();
    }

    // OkHttp takes the number as it is, and fails with an unchecked exception when the body is read, or closed.
    private static void checkLength(Response response) throws ProtocolException {
        if (response.body().contentLength() < -1) {
            throw new ProtocolException("Content-Length: negative (expected: at least 0)");
        }
    }

    // OkHttp would throw it away, and say that there is no proxy.
    private static void checkProxy(Chain chain, Response response) throws LlmFaultException {
        Connection used = chain.connection();
        if (response.code() == 407 && used != null && used.route().proxy().type() == Proxy.Type.DIRECT) {
            response.close();
            throw new LlmFaultException(unsetProxy(chain.request().url()), null);
        }
    }

    private static Fault unsetProxy(HttpUrl url) {
        return Fault.builder(FaultCause.PROXY_AUTHENTICATION)
                .confidence(0.95)
                .summary("what answered in place of " + url.host()
                        + " is an HTTP proxy that demands credentials (407), and this client uses none")
                .where(url.host())
                .evidence("status", 407)
                .ruledOut("the key: no provider asks for credentials with this status")
                .remedy("set the proxy of this network on the HTTP client, and proxyAuthenticator with it")
                .remedy("check the host of the base URL: it may be the proxy's own")
                .build();
    }

    private static void noteFraming(Request request, Response response, Attempt attempt) {
        boolean encoded = response.header("Content-Encoding") != null;
        boolean hasBody = !request.method().equals("HEAD") && response.code() != 204 && response.code() != 304;
        long declared = hasBody ? declaredLength(response) : -1;
        boolean chunked = "chunked".equalsIgnoreCase(response.header("Transfer-Encoding"));
        attempt.framing(new Framing(encoded ? -1 : declared, chunked));
        attempt.wire().begin(chunked || !response.isSuccessful() ? -1 : declared, encoded);
    }

    // A body that is no success is only an explanation, and what has switched protocols is no body.
    private static Response counted(Response response, Attempt attempt) {
        ResponseBody body = response.body();
        if (body == null || !response.isSuccessful()) {
            return response;
        }
        return response.newBuilder().body(new WireBody(body, attempt.wire())).build();
    }

    private static long declaredLength(Response response) {
        String text = response.header("Content-Length");
        if (text == null || text.isEmpty() || text.length() > 18) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(text);
    }

    // The socket's own limit is that of the first byte. From here on silence is limited read by read.
    private static void liftReadLimit(@Nullable Connection connection) {
        if (connection == null || Connections.isShared(connection)) {
            return;
        }
        try {
            connection.socket().setSoTimeout(0);
        } catch (SocketException e) {
            // Closed meanwhile: the next read says so.
        }
    }
}
