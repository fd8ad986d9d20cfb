package dev.llmproxy.okhttp;

import dev.llmproxy.chain.ClientFacts;
import java.time.Duration;
import java.util.Map;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import org.jspecify.annotations.Nullable;

/** How busy a client is: counts the calls in its dispatcher and the connections in its pool, when somebody asks. */
final class Occupancy {
    private final Dispatcher dispatcher;
    private final ConnectionPool pool;
    private final Map<Call, CallListener> listeners;
    private final String host;
    private int running;
    private int runningThere;
    private int queuedThere;
    private long firstAt = Long.MAX_VALUE;
    private long lastAt = Long.MIN_VALUE;

    private Occupancy(Dispatcher dispatcher, ConnectionPool pool, Map<Call, CallListener> listeners, String host) {
        this.dispatcher = dispatcher;
        this.pool = pool;
        this.listeners = listeners;
        this.host = host;
    }

    static ClientFacts.Load of(
            Dispatcher dispatcher, ConnectionPool pool, Map<Call, CallListener> listeners, String host) {
        return new Occupancy(dispatcher, pool, listeners, host).count();
    }

    private ClientFacts.Load count() {
        dispatcher.runningCalls().forEach(this::running);
        dispatcher.queuedCalls().forEach(this::queued);
        return new ClientFacts.Load(
                running,
                dispatcher.getMaxRequests(),
                runningThere,
                dispatcher.getMaxRequestsPerHost(),
                queuedThere,
                Duration.ofNanos(lastAt < firstAt ? 0 : lastAt - firstAt),
                pool.connectionCount(),
                pool.idleConnectionCount());
    }

    private void running(Call call) {
        CallListener listener = listeners.get(call);
        if (listener != null && !listener.wasEnqueued()) {
            // Calls that are executed do not count toward the limits.
            return;
        }
        running++;
        if (isThere(call)) {
            runningThere++;
            arrived(listener);
        }
    }

    private void queued(Call call) {
        if (isThere(call)) {
            queuedThere++;
            arrived(listeners.get(call));
        }
    }

    private boolean isThere(Call call) {
        return call.request().url().host().equals(host);
    }

    private void arrived(@Nullable CallListener listener) {
        if (listener != null) {
            firstAt = Math.min(firstAt, listener.arrivedAt());
            lastAt = Math.max(lastAt, listener.arrivedAt());
        }
    }
}
