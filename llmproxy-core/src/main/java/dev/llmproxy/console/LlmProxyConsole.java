package dev.llmproxy.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.llmproxy.LlmProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import okio.ByteString;

/**
 * The {@linkplain LlmProxy#report() report} of a proxy as a page that follows what happens, for a browser on this machine.
 * There is none unless it is opened.
 *
 * <p>It listens on the loopback address only, and answers nothing of the report without the random token in its
 * {@link #url()}: whoever has that link and can reach this machine's loopback sees what {@link LlmProxy#report()} tells,
 * which is no prompt, no answer and no key. It can be read, not steered. Four pages can follow it at once. A
 * request that has not arrived two seconds after its first byte is dropped, and so is whoever does not take for so long what
 * is sent. Its threads are daemon threads, at most 64 that answer, and idle ones end. Thread-safe.
 */
public final class LlmProxyConsole implements AutoCloseable {
    private static final int TOKEN_BYTES = 24;
    private static final int MAX_PORT = 65_535;

    private final HttpServer server;
    private final RequestThreads threads;
    private final LiveReport report;
    private final URI url;

    private LlmProxyConsole(HttpServer server, LlmProxy proxy) {
        String token = token();
        String address = Guard.authority(server.getAddress());
        this.server = server;
        this.report = new LiveReport(proxy::report, proxy.ticker());
        this.threads = new RequestThreads(daemons(), RequestThreads.PATIENCE);
        this.url = URI.create("http://" + address + "/#" + token);
        Guard guard = new Guard(server.getAddress().getPort(), token);
        serve("/", guard.open(), new PageHandler());
        serve("/events", guard.withToken(), new EventStreams(report));
        server.setExecutor(threads);
    }

    private void serve(String path, Filter guard, HttpHandler handler) {
        HttpContext context = server.createContext(path, handler);
        context.getFilters().add(guard);
    }

    /**
     * Opens a console on a free port.
     *
     * @param proxy the proxy whose report it shows
     * @return the open console, to be closed
     * @throws IOException if it cannot listen
     */
    public static LlmProxyConsole open(LlmProxy proxy) throws IOException {
        return open(proxy, 0);
    }

    /**
     * Opens a console on a port of its own, so that its address outlives a restart; its token does not.
     *
     * @param proxy the proxy whose report it shows
     * @param port from 1 to 65535, or 0 for a free one
     * @return the open console, to be closed
     * @throws IOException if it cannot listen there
     * @throws IllegalArgumentException if there is no such port
     */
    public static LlmProxyConsole open(LlmProxy proxy, int port) throws IOException {
        Objects.requireNonNull(proxy, "proxy");
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        LlmProxyConsole console = new LlmProxyConsole(server, proxy);
        console.start();
        return console;
    }

    // The server's own thread is a daemon only if the one that starts it is.
    private void start() {
        Thread starter = daemons().newThread(server::start);
        starter.start();
        boolean interrupted = false;
        while (starter.isAlive()) {
            try {
                starter.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory daemons() {
        return task -> {
            Thread thread = new Thread(task, "llmproxy console");
            thread.setDaemon(true);
            return thread;
        };
    }

    private static String token() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return ByteString.of(random).base64Url();
    }

    /**
     * Returns the link that opens the page. It holds the token, behind the {@code #}, which a browser sends to nobody: to be
     * shown to whoever may see the report, and to be kept out of logs that others read.
     *
     * @return such as {@code http://127.0.0.1:41231/#...}
     */
    public URI url() {
        return url;
    }

    /** Ends the pages' connections and stops listening. The proxy goes on. Closing it again does nothing. */
    @Override
    public void close() {
        report.close();
        server.stop(0);
        threads.close();
    }

    /** Returns where it listens, without the token. */
    @Override
    public String toString() {
        return "console at http://" + url.getAuthority() + "/";
    }
}
