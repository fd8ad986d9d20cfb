package dev.llmproxy.okhttp;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finds among the sockets that a call has opened the one that counts. */
final class OpenedSockets {
    private OpenedSockets() {}

    /** Returns the socket that a connection stands on; OkHttp shows its TLS only. Null where it is none of these. */
    static @Nullable CallSocket of(okhttp3.Connection connection, @Nullable List<CallSocket> opened) {
        if (opened == null || opened.isEmpty()) {
            return null;
        }
        int port = connection.socket().getLocalPort();
        for (CallSocket socket : opened) {
            if (socket.getLocalPort() == port) {
                return socket;
            }
        }
        return null;
    }

    /** Returns how much lies in them, or did when they were closed; nothing where nobody knows of any. */
    static OptionalLong unread(@Nullable List<CallSocket> opened, long since) {
        return opened == null
                ? OptionalLong.empty()
                : opened.stream()
                        .mapToLong(socket -> socket.unread(since))
                        .filter(bytes -> bytes >= 0)
                        .max();
    }
}
