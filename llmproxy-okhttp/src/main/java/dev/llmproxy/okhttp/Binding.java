package dev.llmproxy.okhttp;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.ClientFacts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.SocketFactory;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** What the parts of a bound client share: the proxy, the client's own authenticators, and the calls on their way. */
final class Binding {
    private final LlmProxy proxy;
    private final boolean whole;
    private final boolean makesSockets;
    private final long pingNanos;
    private final Requests requests;
    private final Authenticator authenticator;
    private final Authenticator proxyAuthenticator;
    private final Map<Call, CallListener> listeners = new ConcurrentHashMap<>();
    private final Map<Call, DetachedTransport> detached = new ConcurrentHashMap<>();
    private final LongAdder passedThrough = new LongAdder();
    private final PooledConnections connections = new PooledConnections();
    private final ResolvedNames names = new ResolvedNames();
    private final @Nullable Dispatcher dispatcher;
    private final @Nullable ConnectionPool pool;

    private Binding(
            LlmProxy proxy,
            boolean whole,
            boolean makesSockets,
            long pingNanos,
            Authenticator authenticator,
            Authenticator proxyAuthenticator,
            @Nullable Dispatcher dispatcher,
            @Nullable ConnectionPool pool) {
        this.proxy = proxy;
        this.whole = whole;
        this.makesSockets = makesSockets;
        this.pingNanos = pingNanos;
        this.requests = new Requests(whole);
        this.authenticator = authenticator;
        this.proxyAuthenticator = proxyAuthenticator;
        this.dispatcher = dispatcher;
        this.pool = pool;
    }

    /**
     * Binds a whole client.
     *
     * @param dispatcher the one that the bound client gets
     */
    static Binding whole(LlmProxy proxy, OkHttpClient client, Dispatcher dispatcher) {
        boolean makesSockets = client.socketFactory() == SocketFactory.getDefault();
        return new Binding(
                proxy,
                true,
                makesSockets,
                TimeUnit.MILLISECONDS.toNanos(client.pingIntervalMillis()),
                client.authenticator(),
                client.proxyAuthenticator(),
                dispatcher,
                client.connectionPool());
    }

    static Binding interceptorOnly(LlmProxy proxy) {
        return new Binding(proxy, false, false, 0, Authenticator.NONE, Authenticator.NONE, null, null);
    }

    LlmProxy proxy() {
        return proxy;
    }

    /** Says whether the whole client is bound, and not only an interceptor added. */
    boolean isWhole() {
        return whole;
    }

    /** Says whether the sockets of the client are ours: not where the application brought a factory of its own. */
    boolean makesSockets() {
        return makesSockets;
    }

    /** Returns after how much silence OkHttp asks the peer of an HTTP/2 connection whether it is there; 0 for never. */
    long pingNanos() {
        return pingNanos;
    }

    PooledConnections connections() {
        return connections;
    }

    ResolvedNames names() {
        return names;
    }

    /** Returns how busy the client is, and what of that is for a host. */
    Optional<ClientFacts.Load> load(String host) {
        return dispatcher == null || pool == null
                ? Optional.empty()
                : Optional.of(Occupancy.of(dispatcher, pool, listeners, host));
    }

    Requests requests() {
        return requests;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Authenticator proxyAuthenticator() {
        return proxyAuthenticator;
    }

    void begin(Call call, CallListener listener) {
        listeners.put(call, listener);
    }

    @Nullable
    CallListener listenerOf(Call call) {
        return listeners.get(call);
    }

    void end(Call call) {
        listeners.remove(call);
    }

    /** Returns how many calls are on their way, up to the end of their bodies. */
    int calls() {
        return listeners.size();
    }

    void detach(Call call, DetachedTransport transport) {
        detached.put(call, transport);
    }

    @Nullable
    DetachedTransport detachedOf(Call call) {
        // Almost always empty, and then not worth a look-up.
        return detached.isEmpty() ? null : detached.get(call);
    }

    void attach(Call call) {
        detached.remove(call);
    }

    long countPassedThrough() {
        passedThrough.increment();
        return passedThrough.sum();
    }
}
