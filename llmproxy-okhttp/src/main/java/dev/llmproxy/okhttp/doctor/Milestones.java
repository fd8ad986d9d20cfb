package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.chain.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How far a request came. Each check waits for its own milestone, so that one request answers many of them and each has
 * its own time. Told on the threads of the call, read on those of the checks.
 */
final class Milestones extends EventListener {
    private final Ticker ticker;
    private final CompletableFuture<Void> resolving = new CompletableFuture<>();
    private final CompletableFuture<Void> connecting = new CompletableFuture<>();
    private final CompletableFuture<Void> securing = new CompletableFuture<>();

    private volatile boolean began;
    private volatile boolean resolved;
    private volatile boolean connected;
    private volatile int status;
    private volatile long lookupBegan;
    private volatile long connectBegan;
    private volatile long tlsBegan;
    private volatile @Nullable Duration lookup;
    private volatile @Nullable Duration connect;
    private volatile @Nullable Duration tls;
    private volatile List<InetAddress> addresses = List.of();
    private volatile @Nullable InetSocketAddress address;
    private volatile Proxy proxy = Proxy.NO_PROXY;
    private volatile @Nullable Handshake handshake;
    private volatile @Nullable Protocol protocol;

    Milestones(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        began = true;
        lookupBegan = ticker.nanos();
    }

    @Override
    public void dnsEnd(Call call, String domainName, List<InetAddress> inetAddressList) {
        addresses = List.copyOf(inetAddressList);
        lookup = since(lookupBegan);
        resolved();
    }

    @Override
    public void connectStart(Call call, InetSocketAddress inetSocketAddress, Proxy proxy) {
        began = true;
        address = inetSocketAddress;
        this.proxy = proxy;
        connectBegan = ticker.nanos();
        resolved();
    }

    @Override
    public void secureConnectStart(Call call) {
        connected();
        tlsBegan = ticker.nanos();
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        this.handshake = handshake;
        tls = since(tlsBegan);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress inetSocketAddress, Proxy proxy, @Nullable Protocol protocol) {
        this.protocol = protocol;
        connected();
        securing.complete(null);
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        status = response.code();
    }

    private void resolved() {
        resolved = true;
        resolving.complete(null);
    }

    private void connected() {
        if (!connected) {
            connect = since(connectBegan);
            connected = true;
        }
        connecting.complete(null);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(ticker.nanos() - nanos);
    }

    /** Lets go whoever waits: nothing more will come. */
    void end() {
        resolving.complete(null);
        connecting.complete(null);
        securing.complete(null);
    }

    CompletableFuture<Void> resolving() {
        return resolving;
    }

    CompletableFuture<Void> connecting() {
        return connecting;
    }

    CompletableFuture<Void> securing() {
        return securing;
    }

    /** Says whether anything was tried at all: an interceptor or the key may have stopped the request before. */
    boolean hasBegun() {
        return began;
    }

    boolean isResolved() {
        return resolved;
    }

    boolean isConnected() {
        return connected;
    }

    /** Returns the status of the answer; 0 as long as there is none. */
    int status() {
        return status;
    }

    /** Returns how long the lookup took; nothing where the URL has an address or a proxy does it. */
    @Nullable
    Duration lookup() {
        return lookup;
    }

    Duration connect() {
        Duration known = connect;
        return known == null ? Duration.ZERO : known;
    }

    Duration tls() {
        Duration known = tls;
        return known == null ? Duration.ZERO : known;
    }

    List<InetAddress> addresses() {
        return addresses;
    }

    @Nullable
    InetSocketAddress address() {
        return address;
    }

    Proxy proxy() {
        return proxy;
    }

    @Nullable
    Handshake handshake() {
        return handshake;
    }

    @Nullable
    Protocol protocol() {
        return protocol;
    }
}
