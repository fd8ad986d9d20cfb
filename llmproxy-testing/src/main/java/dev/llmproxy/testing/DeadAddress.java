package dev.llmproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * Is a loopback address at which no connection can be made, kept in that state until it is closed:
 *
 * <pre>{@code
 * try (DeadAddress nobody = DeadAddress.refusing()) {
 *     // ... call nobody.url("/v1/chat/completions") ...
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Whoever opens it closes it.
 */
public final class DeadAddress implements AutoCloseable {
    /** A loopback answers within microseconds, so this is silence; a first SYN repeats only after a second. */
    private static final int SILENCE_MILLIS = 200;

    private static final int MOST_CONNECTIONS = 64;

    private final int port;
    private final List<Closeable> held;

    private DeadAddress(int port, List<Closeable> held) {
        this.port = port;
        this.held = held;
    }

    /** Opens an address that refuses connections: its port is taken, but nothing listens there. */
    public static DeadAddress refusing() {
        List<Closeable> held = new ArrayList<>();
        try {
            Socket bound = new Socket();
            held.add(bound);
            bound.bind(new InetSocketAddress(Loopback.address(), 0));
            return new DeadAddress(bound.getLocalPort(), held);
        } catch (IOException e) {
            throw failure(held, e);
        }
    }

    /**
     * Opens an address that does not answer at all: something listens there, but its queue is full, so the system drops
     * whoever knocks, as a firewall would. Works where a full queue drops (Linux) and takes 0.2 s.
     *
     * @throws IllegalStateException on a system that refuses or accepts the connections instead
     */
    public static DeadAddress unanswering() {
        List<Closeable> held = new ArrayList<>();
        try {
            ServerSocket server = new ServerSocket(0, 1, Loopback.address());
            held.add(server);
            while (held.size() < MOST_CONNECTIONS) {
                Socket socket = new Socket();
                held.add(socket);
                if (!connects(socket, server.getLocalPort())) {
                    return new DeadAddress(server.getLocalPort(), held);
                }
            }
            throw new IOException(
                    "connections accepted: " + MOST_CONNECTIONS + " (expected: fewer, with a backlog of 1)");
        } catch (IOException e) {
            throw failure(held, e);
        }
    }

    private static boolean connects(Socket socket, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(Loopback.address(), port), SILENCE_MILLIS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static IllegalStateException failure(List<Closeable> held, IOException cause) {
        closeAll(held);
        return new IllegalStateException("this system cannot play a dead address", cause);
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
        return Loopback.url("http", port, path);
    }

    /** Gives the port back. Closing again does nothing. */
    @Override
    public void close() {
        closeAll(held);
    }

    private static void closeAll(List<Closeable> held) {
        for (Closeable each : held) {
            try {
                each.close();
            } catch (IOException e) {
                // It is gone, which is what was wanted.
            }
        }
    }
}
