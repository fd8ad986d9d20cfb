package dev.llmproxy.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Is an HTTP/1.1 server on a loopback socket that plays a script of answers and of every way in which they break, and keeps
 * what it received.
 *
 * <pre>{@code
 * try (ScriptedProvider provider = ScriptedProvider.start()) {
 *     provider.enqueue(
 *             Reply.status(429).header("Retry-After", "1"),
 *             Reply.sse("{\"n\":1}", "{\"n\":2}", "[DONE]").afterEvent(1).reset());
 *     // ... call provider.url("/v1/chat/completions") ...
 *     ReceivedRequest request = provider.takeRequest(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>A request gets the next reply of the queue; when that is empty, what {@link #always} or {@link #answer} say; without
 * these, a 500 that says so, and {@link #scriptErrors} keeps it.
 *
 * <p>A client that closes its side of a connection counts as gone: what waits there is over.
 *
 * <p>Safe for use by several threads. Whoever starts it closes it.
 */
public final class ScriptedProvider implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final int port;
    private final @Nullable Tls tls;
    private final Ledger ledger = new Ledger();
    private final Script script = new Script(ledger);
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Crew crew;
    private final @Nullable TestWatch watch = TestWatch.current();
    private final AtomicBoolean closed = new AtomicBoolean();
    // Guarded by this.
    private ServerSocket server;
    private CountDownLatch deaf = new CountDownLatch(1);
    private @Nullable Socket keptPort;

    private ScriptedProvider(ServerSocket server, @Nullable Tls tls) {
        this.server = server;
        this.port = server.getLocalPort();
        this.tls = tls;
        this.crew = new Crew(port);
    }

    /** Starts a provider on a free port of 127.0.0.1. */
    public static ScriptedProvider start() {
        return started(null);
    }

    /** Starts a provider on a free port of 127.0.0.1 that speaks TLS. */
    public static ScriptedProvider startTls(Tls tls) {
        return started(Objects.requireNonNull(tls, "tls"));
    }

    private static ScriptedProvider started(@Nullable Tls tls) {
        try {
            ServerSocket server = new ServerSocket(0, BACKLOG, Loopback.address());
            ScriptedProvider provider = new ScriptedProvider(server, tls);
            CountDownLatch deaf = provider.deaf;
            provider.crew.serve(() -> provider.accept(server, deaf));
            if (provider.watch != null) {
                provider.watch.started(provider);
            }
            return provider;
        } catch (IOException e) {
            throw new IllegalStateException("no port of 127.0.0.1 can be listened on", e);
        }
    }

    private void accept(ServerSocket from, CountDownLatch over) {
        try {
            while (true) {
                serve(from.accept(), from);
            }
        } catch (IOException e) {
            if (!from.isClosed()) {
                ledger.scriptError(url() + " accepts no more connections: " + e);
            }
        } finally {
            over.countDown();
        }
    }

    private void serve(Socket socket, ServerSocket from) {
        Line line = new Line(socket, ledger, crew);
        Connection connection = new Connection(line, ledger, script, tls, connections::remove);
        connections.add(connection);
        if (from.isClosed()) {
            // It came while the provider was being killed.
            connection.close();
        }
        try {
            crew.serve(connection);
        } catch (IOException e) {
            // It came while the provider was being closed.
            connection.end();
        }
    }

    /** Adds replies to the end of the queue. */
    public void enqueue(Reply... replies) {
        script.enqueue(Stream.of(replies).map(Reply::checked).toList());
    }

    /** Answers every request for which the queue has no reply with this one. */
    public void always(Reply reply) {
        script.always(reply.checked());
    }

    /**
     * Answers every request for which the queue has no reply with what the function says. It is called on the connection's
     * thread when the request is read whole, so its replies cannot have cues before that.
     */
    public void answer(Function<ReceivedRequest, Reply> function) {
        script.answer(function);
    }

    /**
     * Dies as a process does: ends all connections at once, in the middle of what they play, and has new ones refused. What
     * was received and the script stay. Killing again does nothing, and neither does killing one that is closed.
     *
     * @throws IllegalStateException if somebody else takes the port in that moment
     */
    public synchronized void kill() {
        if (closed() || keptPort != null) {
            return;
        }
        stopListening();
        Socket kept = new Socket();
        keptPort = kept;
        try {
            // The system listens until nobody accepts any more.
            deaf.await();
            // Bound, and nobody listens: connections are refused, and nobody else gets the port.
            kept.setReuseAddress(true);
            kept.bind(new InetSocketAddress(Loopback.address(), port));
        } catch (IOException e) {
            throw new IllegalStateException("port " + port + " of 127.0.0.1 is lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.forEach(Connection::close);
        }
    }

    /**
     * Listens at the same port again, when it was killed; else does nothing.
     *
     * @throws IllegalStateException if somebody else takes the port in that moment, or it was closed
     */
    public synchronized void restart() {
        if (closed()) {
            throw new IllegalStateException("restart: of a provider that was closed (expected: one that was killed)");
        }
        Socket kept = keptPort;
        if (kept == null) {
            return;
        }
        try {
            kept.close();
            keptPort = null;
            ServerSocket again = new ServerSocket(port, BACKLOG, Loopback.address());
            CountDownLatch over = new CountDownLatch(1);
            server = again;
            deaf = over;
            crew.serve(() -> accept(again, over));
        } catch (IOException e) {
            throw new IllegalStateException("port " + port + " of 127.0.0.1 cannot be listened on again", e);
        }
    }

    private synchronized void stopListening() {
        try {
            server.close();
            if (keptPort != null) {
                keptPort.close();
            }
        } catch (IOException e) {
            // Nothing listens any more, which is what was wanted.
        }
    }

    /** Returns the port. */
    public int port() {
        return port;
    }

    /** Returns the base URL, such as {@code http://127.0.0.1:34567}, without a slash at its end. */
    public String url() {
        return url("");
    }

    /** Returns the base URL with this path, which starts with a slash. */
    public String url(String path) {
        return Loopback.url(tls == null ? "http" : "https", port(), path);
    }

    /**
     * Returns the next request that was received and not yet taken, whole or as far as it came; waits for it if need be.
     *
     * @throws AssertionError if none comes within {@code timeout}
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public ReceivedRequest takeRequest(Duration timeout) throws InterruptedException {
        return ledger.take(timeout);
    }

    /** Returns all requests received so far whose head could be read, taken or not, in order. */
    public List<ReceivedRequest> requests() {
        return ledger.requests();
    }

    /** Returns how many requests began, that is, of how many at least one byte came. */
    public int requestsStarted() {
        return ledger.requestsStarted();
    }

    /** Returns how many connections were accepted. */
    public int connectionsOpened() {
        return ledger.connectionsOpened();
    }

    /** Returns how many connections are open now: neither was the client seen to close them, nor were they reset here. */
    public int connectionsOpen() {
        return ledger.connectionsOpen();
    }

    /**
     * Waits until exactly this many connections are open.
     *
     * @throws AssertionError if that does not happen within {@code timeout}
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public void awaitConnectionsOpen(int count, Duration timeout) throws InterruptedException {
        ledger.awaitConnectionsOpen(count, timeout);
    }

    /** Returns how many bytes were received; with TLS, those inside it. */
    public long bytesReceived() {
        return ledger.bytesReceived.get();
    }

    /** Returns how many bytes were sent; with TLS, those inside it. */
    public long bytesSent() {
        return ledger.bytesSent.get();
    }

    /** Returns what is wrong with the test rather than with its subject: requests without a reply, malformed requests. */
    public List<String> scriptErrors() {
        return ledger.scriptErrors();
    }

    /** Ends all connections and threads at once, whatever they wait for. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopListening();
        crew.shutdown();
        // A leak check that watched the start of this provider wants to see how the clients leave it.
        TestWatch present = watch == TestWatch.current() ? watch : null;
        for (Connection connection : connections) {
            if (present == null) {
                connection.close();
            } else {
                present.abandoned(connection);
                connection.abandon();
            }
        }
        crew.joinServing();
        if (present == null) {
            crew.joinReading();
        }
    }

    boolean closed() {
        return closed.get();
    }

    /** Returns the URL and what happened so far in numbers, for messages. */
    @Override
    public String toString() {
        return url() + " (requests: " + requestsStarted() + ", connections open: " + connectionsOpen() + ")";
    }
}
