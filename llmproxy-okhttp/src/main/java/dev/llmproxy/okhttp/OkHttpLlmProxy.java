package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Budget;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/**
 * Binds a proxy to an OkHttp client. The client keeps its interceptors, its listener, its authenticator, its connection
 * pool and its executor; what it sends goes through the proxy.
 *
 * <p>What is different in a bound client:
 *
 * <ul>
 *   <li>Interceptors that were there before run once per call, those that are added later once per attempt.
 *   <li>The connect, read and write timeouts are those of the proxy, which are sized for language models.
 *   <li>Redirects are not followed: a key in a header of its own would go along to the other host.
 *   <li>OkHttp sends no request with a body again by itself: a call to a model may be billed each time.
 *   <li>Its dispatcher is its own, over the same executor, and runs 256 calls to one host instead of 5; more where the
 *       limits of the proxy let more in, those that wait included.
 *   <li>Where the limits let more than five calls run at once, its connection pool is its own, and keeps as many idle
 *       connections for five minutes.
 * </ul>
 */
public final class OkHttpLlmProxy {
    private static final int MIN_CONCURRENT_CALLS = 256;
    // What OkHttp keeps unless it is told otherwise.
    private static final int USUAL_IDLE_CONNECTIONS = 5;
    private static final int IDLE_MINUTES = 5;

    private OkHttpLlmProxy() {}

    /**
     * Returns a client like the given one whose calls go through the proxy. The given client stays as it is.
     *
     * @param client the client
     * @param proxy the proxy
     * @return the bound client; it shares its executor with the given one, and its connection pool as well where no
     *     limits of the proxy ask for a larger one
     * @throws IllegalArgumentException if the client is bound already
     * @throws IllegalStateException if two versions of OkHttp are on the class path
     */
    public static OkHttpClient wrap(OkHttpClient client, LlmProxy proxy) {
        return install(client.newBuilder(), proxy).build();
    }

    /**
     * Binds the client that a builder is going to build. What is set on the builder afterwards is not seen; interceptors
     * that are added afterwards run once per attempt. An event listener that is set afterwards takes the place of the
     * proxy's own: calls are then diagnosed with less evidence, as with {@link #interceptor}.
     *
     * @param builder the builder
     * @param proxy the proxy
     * @return the same builder
     * @throws IllegalArgumentException if it is bound already
     * @throws IllegalStateException if two versions of OkHttp are on the class path
     */
    public static OkHttpClient.Builder install(OkHttpClient.Builder builder, LlmProxy proxy) {
        Objects.requireNonNull(proxy, "proxy");
        ClassPath.check();
        OkHttpClient unbound = builder.build();
        requireUnbound(unbound);
        Dispatcher dispatcher = dispatcherLike(unbound.dispatcher(), proxy.mostCallsAtOnce());
        if (proxy.mostConnections() > USUAL_IDLE_CONNECTIONS) {
            builder.connectionPool(new ConnectionPool(proxy.mostConnections(), IDLE_MINUTES, TimeUnit.MINUTES));
        }
        Binding binding = Binding.whole(proxy, builder.build(), dispatcher);
        if (binding.makesSockets()) {
            builder.socketFactory(new CallSockets());
        }
        return builder.addInterceptor(new ProxyInterceptor(binding))
                .addNetworkInterceptor(new WireInterceptor(binding))
                .eventListenerFactory(new CallListeners(binding, unbound.eventListenerFactory()))
                .followRedirects(false)
                .followSslRedirects(false)
                .authenticator(new OriginAuthenticator(unbound.authenticator()))
                .proxyAuthenticator(new ProxyChallenge(unbound.proxyAuthenticator()))
                .dns(new LimitedDns(unbound.dns()))
                .dispatcher(dispatcher)
                .connectTimeout(timeout(proxy, Budget.CONNECT))
                .readTimeout(timeout(proxy, Budget.FIRST_BYTE))
                .writeTimeout(timeout(proxy, Budget.UPLOAD));
    }

    /**
     * Returns an interceptor that sends calls through the proxy, for clients that take nothing else. Add it after all
     * others. {@link #wrap} and {@link #install} can do more: this one does not see the phases of an attempt, cannot keep
     * the budgets for name lookups and TLS handshakes, and cannot switch redirects off. It therefore adds a key only where a redirect would
     * not take it along to another host: in {@code Authorization}, or where the client is seen not to follow redirects.
     *
     * @param proxy the proxy
     * @return the interceptor, for any number of clients
     * @throws IllegalStateException if two versions of OkHttp are on the class path
     */
    public static Interceptor interceptor(LlmProxy proxy) {
        Objects.requireNonNull(proxy, "proxy");
        ClassPath.check();
        return new ProxyInterceptor(Binding.interceptorOnly(proxy));
    }

    private static void requireUnbound(OkHttpClient client) {
        for (Interceptor interceptor : client.interceptors()) {
            if (interceptor instanceof ProxyInterceptor) {
                throw new IllegalArgumentException(
                        "client: bound to an LlmProxy already (expected: a client that is not; calls would be"
                                + " retried, timed and counted twice)");
            }
        }
    }

    // OkHttp's own 5 calls to one host starve whoever calls one model.
    private static Dispatcher dispatcherLike(Dispatcher original, int callsAtOnce) {
        Dispatcher dispatcher = new Dispatcher(original.executorService());
        // What the limits let wait must not wait here, where nobody sees it and no priority counts.
        int least = Math.max(MIN_CONCURRENT_CALLS, callsAtOnce);
        dispatcher.setMaxRequests(Math.max(least, original.getMaxRequests()));
        dispatcher.setMaxRequestsPerHost(Math.max(least, original.getMaxRequestsPerHost()));
        return dispatcher;
    }

    private static Duration timeout(LlmProxy proxy, Budget budget) {
        return proxy.timeouts().get(budget);
    }
}
