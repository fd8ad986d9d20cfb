package dev.llmproxy.okhttp;

import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/** One name lookup on a thread of its own, which whoever waits for it may leave. */
final class Lookup {
    // Long enough for the lookups of one burst: OkHttp remembers connections, not threads.
    private static final long KEPT_MILLIS = 100;
    private static final int MAX_THREADS = 64;
    private static final Executor THREADS = threads();

    private final CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();

    private Lookup() {}

    private static Executor threads() {
        return new ThreadPoolExecutor(
                0, MAX_THREADS, KEPT_MILLIS, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "llmproxy-dns");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    static Lookup start(Dns dns, String name) {
        Lookup lookup = new Lookup();
        Runnable work = () -> lookup.run(dns, name);
        try {
            THREADS.execute(work);
        } catch (RejectedExecutionException e) {
            // So many lookups hang that no thread is left: this one waits as it would without us.
            work.run();
        }
        return lookup;
    }

    // Whatever the client's own name service throws belongs to the thread that asked.
    @SuppressWarnings("CatchThrowable")
    private void run(Dns dns, String name) {
        try {
            answer.complete(dns.lookup(name));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    /** Ends the wait. */
    void cancel() {
        answer.completeExceptionally(new InterruptedIOException("canceled"));
    }

    List<InetAddress> await(long nanos)
            throws UnknownHostException, InterruptedIOException, TimeoutException, InterruptedException {
        try {
            return nanos == 0 ? answer.get() : answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownHostException unknown) {
                throw unknown;
            }
            if (cause instanceof InterruptedIOException cancelled) {
                throw cancelled;
            }
            if (cause instanceof RuntimeException broken) {
                throw broken;
            }
            throw new IllegalStateException("the name service failed", cause);
        }
    }
}
