package dev.llmproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Knows, for the test that runs, which providers it started and which of their connections its clients still hold. A
 * provider that is closed leaves its connections here, half closed, so that the client's end of them can be judged when the
 * test is over.
 */
final class TestWatch {
    private static final AtomicReference<@Nullable TestWatch> CURRENT = new AtomicReference<>();

    private final Queue<ScriptedProvider> providers = new ConcurrentLinkedQueue<>();
    private final Queue<Connection> abandoned = new ConcurrentLinkedQueue<>();

    /** Returns the watch over the test that runs, if it has one. */
    static @Nullable TestWatch current() {
        return CURRENT.get();
    }

    static TestWatch begin() {
        TestWatch watch = new TestWatch();
        if (!CURRENT.compareAndSet(null, watch)) {
            throw new IllegalStateException(
                    "LeakCheck: two tests at once (expected: tests that do not run in parallel)");
        }
        return watch;
    }

    void started(ScriptedProvider provider) {
        providers.add(provider);
    }

    /** Takes over a connection of a provider that closes. */
    void abandoned(Connection connection) {
        abandoned.add(connection);
    }

    /** Ends the watch and everything that the test left; returns what is wrong. */
    List<String> end(Duration grace) {
        List<String> problems = new ArrayList<>();
        try {
            providers.forEach(provider -> end(provider, problems));
            long deadline = System.nanoTime() + grace.toNanos();
            for (Connection connection : abandoned) {
                if (!connection.awaitHangUp(deadline - System.nanoTime())) {
                    problems.add(connection + ", is still open at the client"
                            + " (expected: closed, or evicted from the client's pool)");
                }
                connection.close();
            }
        } finally {
            CURRENT.set(null);
        }
        return problems;
    }

    private static void end(ScriptedProvider provider, List<String> problems) {
        provider.scriptErrors().forEach(error -> problems.add(provider.url() + ": " + error));
        if (!provider.closed()) {
            problems.add(provider + " was not closed");
            provider.close();
        }
    }
}
