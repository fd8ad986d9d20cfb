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
    private volatile @Nullable Lookup lookup;
    // Most calls find a connection in the pool and open none.
    private volatile @Nullable List<CallSocket> sockets;

    /** Lets a cancellation end a name lookup; null when it is over. */
    void lookingUp(@Nullable Lookup started) {
        lookup = started;
    }

    /** Takes a socket that is about to be connected. */
    void add(CallSocket socket, int connectMillis) {
        socket.limit(connectMillis);
        known().add(socket);
    }

    private synchronized List<CallSocket> known() {
        List<CallSocket> known = sockets;
        if (known == null) {
            known = new CopyOnWriteArrayList<>();
            sockets = known;
        }
        return known;
    }

    private List<CallSocket> all() {
        List<CallSocket> known = sockets;
        return known == null ? List.of() : known;
    }

    /** A TLS handshake begins on one of them, OkHttp does not say on which. */
    void handshake(int tlsMillis) {
        all().forEach(socket -> socket.limitNow(tlsMillis));
    }

    /**
     * One of them is connected. Of several addresses that are tried at once the first opens the connection for all: the
     * limits of the others, which OkHttp closes, do not matter any more.
     */
    void opened() {
        all().forEach(CallSocket::lift);
    }

    /** Ends the lookup, and closes them all: OkHttp forgets a connection between its TCP connect and its TLS handshake. */
    void cancel() {
        Lookup waiting = lookup;
        if (waiting != null) {
            waiting.cancel();
        }
        all().forEach(CallSocket::abort);
    }

    /** The call has its connection, or begins the next attempt. */
    void forget() {
        List<CallSocket> known = sockets;
        if (known != null) {
            known.clear();
        }
    }

    /** Returns the socket that a connection stands on; OkHttp shows its TLS only. Null where it is none of these. */
    @Nullable
    CallSocket of(okhttp3.Connection connection) {
        List<CallSocket> all = all();
        if (all.isEmpty()) {
            return null;
        }
        int port = connection.socket().getLocalPort();
        for (CallSocket socket : all) {
            if (socket.getLocalPort() == port) {
                return socket;
            }
        }
        return null;
    }

    /** Returns how much lies in them, or did when they were closed; nothing where nobody knows of any. */
    OptionalLong unread(long since) {
        return all().stream()
                .mapToLong(socket -> socket.unread(since))
                .filter(bytes -> bytes >= 0)
                .max();
    }
}
