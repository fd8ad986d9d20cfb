package dev.llmproxy.okhttp;

import okhttp3.Connection;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Tells an answer that was there before its request: what a server has sent too much for an earlier call on the same
 * connection. OkHttp takes it for the answer to the next one, and from then on every call gets that of the call before.
 */
final class EarlyAnswer {
    private final CallSocket socket;
    private final long received;
    private final boolean lies;

    private EarlyAnswer(CallSocket socket, boolean lies) {
        this.socket = socket;
        this.received = socket.received();
        this.lies = lies;
    }

    /**
     * Looks at a connection on which a request is about to be written. Returns null where that tells nothing: on HTTP/2
     * answers name their requests.
     */
    static @Nullable EarlyAnswer before(@Nullable Connection connection, @Nullable CallSocket socket) {
        if (connection == null || socket == null || Connections.isShared(connection)) {
            return null;
        }
        // Of TLS it may be a ticket for the next session.
        return new EarlyAnswer(socket, connection.handshake() == null && socket.lying() > 0);
    }

    /**
     * Says whether an answer was there before. A server that is tired of waiting says so by a status, unasked; a TLS that
     * reads past the socket's streams leaves their count at nothing.
     */
    boolean is(Response response) {
        return response.isSuccessful() && (lies || (received > 0 && socket.received() == received));
    }

    /** Keeps the connection from being used again: the answer to this request is still to come on it. */
    void discard(Response response) {
        socket.abort();
        response.close();
    }
}
