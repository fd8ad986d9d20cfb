package dev.llmproxy.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The threads of one provider: those that serve, and those that read ahead for them. */
final class Crew {
    private static final long MILLIS_TO_END = 5_000;

    private final String name;
    private final List<Thread> serving = new ArrayList<>();
    private final List<Thread> reading = new ArrayList<>();
    private int started;
    private boolean shutdown;

    Crew(int port) {
        this.name = "llmproxy-testing-" + port + "-";
    }

    void serve(Runnable work) throws IOException {
        start(serving, work);
    }

    void read(Runnable work) throws IOException {
        start(reading, work);
    }

    private synchronized void start(List<Thread> threads, Runnable work) throws IOException {
        if (shutdown) {
            throw new IOException("the provider is closed");
        }
        threads.removeIf(thread -> !thread.isAlive());
        Thread thread = new Thread(work, name + ++started);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** Starts no more threads. */
    synchronized void shutdown() {
        shutdown = true;
    }

    /** Waits for the threads that serve, whose connections have been closed. */
    void joinServing() {
        join(serving);
    }

    /** Waits for the threads that read, whose sockets have been closed. */
    void joinReading() {
        join(reading);
    }

    private void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                if (thread == Thread.currentThread()) {
                    continue; // A scripted function closes its own provider.
                }
                thread.join(MILLIS_TO_END);
                if (thread.isAlive()) {
                    throw new IllegalStateException("thread " + thread.getName() + ": running " + MILLIS_TO_END
                            + " ms after close (expected: to end at once)");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
