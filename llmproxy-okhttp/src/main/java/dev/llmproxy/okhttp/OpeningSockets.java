package dev.llmproxy.okhttp;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * How a call comes to a new connection: a name is looked up, and sockets are opened, several at once where a host has several
 * addresses. Each is held to the budget of the phase that it is in, and a cancellation ends them all. Thread-safe: OkHttp
 * connects on threads of its own.
 */
final class OpeningSockets {
    /** Of a call that has opened none, and looks nothing up: most find a connection in the pool. */
    static final OpeningSockets NONE = new OpeningSockets();

    private final List<CallSocket> sockets = new CopyOnWriteArrayList<>();
    private volatile @Nullable Lookup lookup;

    /** Lets a cancellation end a name lookup; null when it is over. */
    void lookingUp(@Nullable Lookup started) {
        lookup = started;
    }

    /** Takes a socket that is about to be connected. */
    void add(CallSocket socket, int connectMillis) {
        socket.limit(connectMillis);
        sockets.add(socket);
    }

    /** A TLS handshake begins on one of them, OkHttp does not say on which. */
    void handshake(int tlsMillis) {
        sockets.forEach(socket -> socket.limitNow(tlsMillis));
    }

    /**
     * One of them is connected. Of several addresses that are tried at once the first opens the connection for all: the
     * limits of the others, which OkHttp closes, do not matter any more.
     */
    void opened() {
        sockets.forEach(CallSocket::lift);
    }

    /** Ends the lookup, and closes them all: OkHttp forgets a connection between its TCP connect and its TLS handshake. */
    void cancel() {
        Lookup waiting = lookup;
        if (waiting != null) {
            waiting.cancel();
        }
        sockets.forEach(CallSocket::abort);
    }

    /** The call has its connection, or begins the next attempt. */
    void forget() {
        if (!sockets.isEmpty()) {
            sockets.clear();
        }
    }

    /** Returns the socket that a connection stands on; OkHttp shows its TLS only. Null where it is none of these. */
    @Nullable
    CallSocket of(okhttp3.Connection connection) {
        if (sockets.isEmpty()) {
            return null;
        }
        int port = connection.socket().getLocalPort();
        for (CallSocket socket : sockets) {
            if (socket.getLocalPort() == port) {
                return socket;
            }
        }
        return null;
    }

    /** Returns how much lies in them, or did when they were closed; nothing where nobody knows of any. */
    OptionalLong unread(long since) {
        return sockets.stream()
                .mapToLong(socket -> socket.unread(since))
                .filter(bytes -> bytes >= 0)
                .max();
    }
}
