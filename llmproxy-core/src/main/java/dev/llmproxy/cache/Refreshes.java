package dev.llmproxy.cache;

import dev.llmproxy.call.CacheMode;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okio.Okio;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches answers anew beside the calls that got the old ones: at most one for each key, on at most two daemon threads,
 * which are started when they are needed and end soon after, and for a bounded time. Thread-safe.
 */
final class Refreshes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.cache");
    private static final int THREADS = 2;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final CacheStage.Beside beside;
    private final Set<CacheKey> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "llmproxy-refresh");
                thread.setDaemon(true);
                return thread;
            });

    Refreshes(CacheStage.Beside beside) {
        this.beside = beside;
    }

    /**
     * Begins to fetch an answer.
     *
     * @return whether it is being fetched; false where the client cannot send beside a call
     */
    boolean start(CacheKey key, CallContext call, LlmRequest request) {
        if (!running.add(key)) {
            return true;
        }
        boolean started = false;
        try {
            Transport first = call.transport().detachUntimed().orElse(null);
            if (first != null) {
                RefreshTransport transport = new RefreshTransport(call.transport(), first);
                var options = call.options().deadline(LONGEST).cache(CacheMode.REFRESH);
                threads.execute(() -> run(key, () -> beside.run(request, options, transport)));
                started = true;
            }
        } catch (RejectedExecutionException e) {
            // Full: the old answer is good for this call all the same, and the next one tries again.
            running.remove(key);
            return true;
        } finally {
            if (!started) {
                running.remove(key);
            }
        }
        return started;
    }

    @FunctionalInterface
    private interface Fetching {
        LlmResponse get() throws IOException;
    }

    private void run(CacheKey key, Fetching fetching) {
        try (LlmResponse response = fetching.get()) {
            var unused = response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            // Its events have told it, and the old answer is still there.
        } catch (RuntimeException e) {
            LOG.warn("An answer was not fetched anew: {}", e.getClass().getName());
        } finally {
            running.remove(key);
        }
    }

    /** Takes no more; what is running ends by itself. */
    @Override
    public void close() {
        threads.shutdown();
    }

    @Override
    public String toString() {
        return running.size() + " refreshes";
    }
}
