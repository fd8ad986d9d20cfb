package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers since when connections are open and when they were used last, which OkHttp does not tell. Thread-safe. */
final class PooledConnections {
    // OkHttp does not say when it closes one: whoever is not held any more is forgotten.
    private final Map<okhttp3.Connection, Use> uses = new WeakHashMap<>();

    /** Returns what is known of a connection; one that was not seen before is new. */
    Use of(okhttp3.Connection connection, long now) {
        synchronized (uses) {
            Use known = uses.get(connection);
            if (known == null) {
                known = new Use(now);
                uses.put(connection, known);
            }
            return known;
        }
    }

    /** The uses of one connection. */
    static final class Use {
        private final long openedAt;
        private long usedAt;
        private int active;
        private @Nullable CallSocket socket;

        private Use(long now) {
            this.openedAt = now;
            this.usedAt = now;
        }

        /** Takes the socket of the connection, where it is one of ours. */
        synchronized void on(@Nullable CallSocket opened) {
            if (socket == null) {
                socket = opened;
            }
        }

        /** Returns the socket of the connection, null where it is not one of ours. */
        synchronized @Nullable CallSocket socket() {
            return socket;
        }

        /** Begins a use, and returns how old the connection was then. */
        synchronized Connection.Life begin(long now) {
            Connection.Life life = lifeAt(now);
            active++;
            usedAt = now;
            return life;
        }

        /** Returns how old the connection is when the call that holds it uses it again. */
        synchronized Connection.Life again(long now) {
            Connection.Life life = new Connection.Life(span(openedAt, now), span(usedAt, now));
            usedAt = now;
            return life;
        }

        private Connection.Life lifeAt(long now) {
            // With HTTP/2 others may use it at the same time.
            return new Connection.Life(span(openedAt, now), active > 0 ? Duration.ZERO : span(usedAt, now));
        }

        private static Duration span(long from, long to) {
            return Duration.ofNanos(Math.max(0, to - from));
        }

        synchronized void used(long now) {
            usedAt = now;
        }

        synchronized void end(long now) {
            active = Math.max(0, active - 1);
            usedAt = now;
        }
    }
}
