package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.chain.Connection;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Tells the attempt that is on its way which phase OkHttp is in, and the call when it is cancelled. */
final class CallListener extends EventListener implements Supplier<Connection>, ClientFacts {
    private static final int MAX_PARKS = 100;
    private static final long PARK_NANOS = Duration.ofMillis(1).toNanos();

    private final Binding binding;
    private final Call call;
    private volatile OpeningSockets opening = OpeningSockets.NONE;
    private volatile @Nullable CallContext context;
    // Of an attempt: written before and while the thread of the call waits for OkHttp, which hands over between
    // threads.
    private @Nullable Attempt attempt;
    private @Nullable Request request;
    private okhttp3.@Nullable Connection connection;
    private @Nullable String proxy;
    private volatile @Nullable Ending ending;
    private volatile boolean choosing;
    private boolean heard;
    private volatile boolean answered;
    private long arrivedAt;
    private long arrivedOn;
    private volatile boolean enqueued;
    private long queuedNanos;
    private PooledConnections.@Nullable Use use;
    private Connection.@Nullable Life life;
    private @Nullable CallSocket socket;
    private @Nullable NameLookups names;

    CallListener(Binding binding, Call call) {
        this.binding = binding;
        this.call = call;
    }

    void callStarted(CallContext started) {
        // An interceptor before ours may have sent the same call before.
        if (answered) {
            answered = false;
        }
        // What is executed runs where it came: then there was no queue, only interceptors before ours.
        if (heard && Thread.currentThread().getId() != arrivedOn) {
            enqueued = true;
            queuedNanos = Math.max(0, started.startedAt() - arrivedAt);
        }
        context = started;
        Ending known = ending;
        if (known != null) {
            started.cancelled(known);
        }
    }

    /** The application has its answer: nothing more is sent, unless an interceptor before ours sends the call again. */
    void answered() {
        answered = true;
    }

    /** Says whether OkHttp tells this listener what happens: not where the client got another one after it was bound. */
    boolean isHeard() {
        return heard;
    }

    void attemptStarted(Attempt started, Request handed) {
        connection = null;
        proxy = null;
        life = null;
        names = null;
        socket = null;
        opening.forget();
        attempt = started;
        request = handed;
        started.connection(this);
        started.client(this);
    }

    /** Returns when the application handed the call to OkHttp, in nanoseconds of the ticker. */
    long arrivedAt() {
        return arrivedAt;
    }

    /** Says whether the call runs on a thread of the dispatcher. */
    boolean wasEnqueued() {
        return enqueued;
    }

    @Override
    public long queuedNanos() {
        return queuedNanos;
    }

    @Override
    public Optional<ClientFacts.Load> load() {
        return binding.load(call.request().url().host());
    }

    @Override
    public Optional<ClientFacts.Names> names() {
        NameLookups known = names;
        return known == null ? Optional.empty() : known.answers();
    }

    @Override
    public boolean keepsTlsBudget() {
        return binding.makesSockets();
    }

    @Override
    public long pingNanos() {
        okhttp3.Connection used = connection;
        return used != null && Connections.isShared(used) ? binding.pingNanos() : 0;
    }

    @Override
    public OptionalLong unreadBytes(long since) {
        okhttp3.Connection used = connection;
        CallSocket own = socket;
        if (binding.proxy().ticker() != Ticker.system()) {
            return OptionalLong.empty();
        }
        if (used == null || own == null) {
            return used == null ? opening.unread(since) : OptionalLong.empty();
        }
        int unread = own.unread(since);
        // On HTTP/2 another thread reads for all calls, and may have taken what the call has not seen.
        return unread < (Connections.isShared(used) ? 1 : 0) ? OptionalLong.empty() : OptionalLong.of(unread);
    }

    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Returns what the attempt on its way has handed to OkHttp. */
    @Nullable
    Request request() {
        return request;
    }

    /** Returns the socket of the connection that is in use, null where it is not one of ours. */
    @Nullable
    CallSocket socket() {
        return socket;
    }

    /** Returns the route of the connection that is in use. */
    @Nullable
    Route route() {
        okhttp3.Connection used = connection;
        return used == null ? null : used.route();
    }

    Ending ending() {
        awaitEnding();
        Ending known = ending;
        if (known != null) {
            return known;
        }
        CallContext running = context;
        return running == null
                ? Ending.byCaller()
                : ClientTimeout.endingSince(
                        call, running.startedAt(), running.ticker().nanos());
    }

    // OkHttp closes the socket first and tells who did it then: the call may be here in between.
    private void awaitEnding() {
        for (int i = 0; heard && ending == null && i < MAX_PARKS; i++) {
            binding.proxy().ticker().park(PARK_NANOS);
        }
    }

    @Override
    public Connection get() {
        Attempt current = attempt;
        return Connections.describe(connection, current != null && !current.reached(Phase.CONNECT), proxy, life);
    }

    private void mark(Phase phase) {
        Attempt current = attempt;
        if (current != null) {
            current.mark(phase);
        }
    }

    @Override
    public void callStart(Call started) {
        heard = true;
        arrivedAt = now();
        arrivedOn = Thread.currentThread().getId();
        binding.begin(started, this);
    }

    @Override
    public void callEnd(Call ended) {
        binding.end(ended);
    }

    @Override
    public void callFailed(Call failed, IOException e) {
        binding.end(failed);
    }

    @Override
    public void canceled(Call cancelled) {
        Ending by = ClientTimeout.endingHere(cancelled);
        if (ending == null) {
            ending = by;
        }
        CallContext running = context;
        if (running != null) {
            running.cancelled(by);
        }
        opening.cancel();
        if (answered) {
            // Its body may never be closed, and then OkHttp does not tell its end.
            binding.end(cancelled);
        }
    }

    /** Called on the thread of the call when a new connection is needed, before anything of it is chosen. */
    @Override
    public void proxySelectStart(Call started, HttpUrl url) {
        choosing = true;
        ProxyChallenge.expect(this);
    }

    /** Called on the thread of the call when an attempt has come back. */
    void attemptSent() {
        if (choosing) {
            choosing = false;
            ProxyChallenge.forget();
        }
    }

    @Override
    public void dnsStart(Call started, String name) {
        // The name of a proxy is looked up in place of the one that the attempt goes to, which a route may have chosen.
        Request sent = request;
        proxy = sent == null || name.equals(sent.url().host()) ? null : "HTTP proxy " + name;
        mark(Phase.DNS);
        LimitedDns.next(this);
        names = new NameLookups(binding.names(), name, now());
    }

    @Override
    public void dnsEnd(Call ended, String name, List<InetAddress> addresses) {
        NameLookups known = names;
        if (known != null) {
            known.resolved(name, addresses, now());
        }
    }

    /** Lets a cancellation end a name lookup; null when it is over. */
    void lookingUp(@Nullable Lookup started) {
        ownOpening().lookingUp(started);
        if (started != null && call.isCanceled()) {
            started.cancel();
        }
    }

    @Override
    public void connectStart(Call started, InetSocketAddress address, Proxy over) {
        proxy = text(over);
        mark(Phase.CONNECT);
        if (binding.makesSockets() && over.type() != Proxy.Type.SOCKS) {
            CallSockets.connecting(this);
        }
    }

    private static @Nullable String text(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? proxy.type() + " proxy " + address.getHostString() + ":" + address.getPort()
                : null;
    }

    /** Called when a socket has been made, on the thread that is going to connect it. */
    void opening(CallSocket socket) {
        Attempt current = attempt;
        if (current != null) {
            ownOpening().add(socket, AttemptLimits.millis(current.limit(Budget.CONNECT)));
        }
        if (call.isCanceled()) {
            socket.abort();
        }
    }

    // OkHttp connects on threads of its own, several at once where a host has several addresses.
    private synchronized OpeningSockets ownOpening() {
        if (opening == OpeningSockets.NONE) {
            opening = new OpeningSockets();
        }
        return opening;
    }

    @Override
    public void connectEnd(Call ended, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        opening.opened();
    }

    @Override
    public void secureConnectEnd(Call ended, @Nullable Handshake handshake) {
        opening.opened();
    }

    @Override
    public void secureConnectStart(Call started) {
        mark(Phase.TLS);
        Attempt current = attempt;
        if (current != null) {
            opening.handshake(AttemptLimits.millis(current.limit(Budget.TLS)));
        }
    }

    @Override
    public void connectionAcquired(Call acquiring, okhttp3.Connection acquired) {
        connection = acquired;
        long now = now();
        PooledConnections.Use acquiredUse = binding.connections().of(acquired, now);
        acquiredUse.on(opening.of(acquired));
        opening.forget();
        socket = acquiredUse.socket();
        use = acquiredUse;
        life = acquiredUse.begin(now);
    }

    @Override
    public void connectionReleased(Call releasing, okhttp3.Connection released) {
        PooledConnections.Use ended = use;
        if (ended != null) {
            ended.end(now());
            use = null;
        }
    }

    /** Called when the request of the attempt is about to be written. */
    void sendingOn(okhttp3.@Nullable Connection used) {
        PooledConnections.Use held = use;
        if (connection == null && used != null && held != null) {
            // OkHttp keeps the connection of the attempt before, and does not say that it acquires it again.
            connection = used;
            socket = held.socket();
            life = held.again(now());
        }
    }

    private long now() {
        return binding.proxy().ticker().nanos();
    }

    @Override
    public void responseBodyEnd(Call ended, long byteCount) {
        PooledConnections.Use held = use;
        if (held != null) {
            held.used(now());
        }
    }

    @Override
    public void requestHeadersStart(Call started) {
        mark(Phase.SEND);
    }

    @Override
    public void requestHeadersEnd(Call ended, Request request) {
        if (request.body() == null) {
            mark(Phase.WAIT);
        }
    }

    @Override
    public void requestBodyEnd(Call ended, long byteCount) {
        mark(Phase.WAIT);
        Attempt sent = attempt;
        okhttp3.Connection used = connection;
        if (sent != null && used != null) {
            prepare(sent, used);
        }
    }

    // Over HTTP/2 the body has gone out. Over HTTP/1.1 most of the request has not: it goes before the first read.
    private void prepare(Attempt sent, okhttp3.Connection used) {
        CallSocket own = socket;
        if (Connections.isShared(used)) {
            sent.sending().answerAwaited();
        } else if (own != null) {
            own.beforeRead(sent.sending()::answerAwaited);
        }
    }

    @Override
    public void responseHeadersEnd(Call ended, Response response) {
        mark(Phase.FIRST_BYTE);
        CallSocket own = socket;
        if (own != null) {
            own.beforeRead(null); // An answer that was there already is not waited for, but the next one is.
        }
    }
}
