package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose silence is limited to the budget for connecting until its connection is there. It remembers whether
 * something had come that nobody had read when it was closed: a timer that fires in a process without a processor closes
 * it over the answer.
 */
final class CallSocket extends Socket {
    private static final int UNKNOWN = -1;
    private static final long SOON_NANOS = Duration.ofMillis(50).toNanos();
    private static final int SOON_PART = 4;

    private volatile int limitMillis;
    private volatile long endedAt;
    private volatile int unreadAtEnd = UNKNOWN;
    // Of the last read, in nanoseconds of the system's clock; when it began where it has not brought anything.
    private volatile long readAt = Ticker.system().nanos();
    private volatile long received;
    private int askedMillis;
    private @Nullable Runnable beforeRead;

    /** Limits silence to this from now on. */
    void limit(int millis) {
        limitMillis = millis;
    }

    /** Limits silence to this from now on, on a socket that is in use. */
    void limitNow(int millis) {
        limitMillis = millis;
        try {
            setSoTimeout(askedMillis);
        } catch (SocketException e) {
            // Closed meanwhile: whoever uses it sees that.
        }
    }

    /** Lets silence be as long as is asked for. What was asked for before is asked for again by every exchange. */
    void lift() {
        limitMillis = 0;
    }

    /** Has something done before the next read, by whoever reads; null when there is nothing to do any more. */
    void beforeRead(@Nullable Runnable task) {
        beforeRead = task;
    }

    /** Closes the socket; whoever reads from it gets an exception. */
    void abort() {
        try {
            close();
        } catch (IOException e) {
            // Closed as well as it can be.
        }
    }

    /**
     * Returns how many bytes lie here that nobody has read, or did when it was closed. That nothing did tells only of a
     * wait in which a thread stood ready to read: it may have got no processor before it read, or after it had.
     *
     * @param since when the wait began, in nanoseconds of the system's clock
     * @return the number, negative where nobody knows
     */
    int unread(long since) {
        boolean isOver = isClosed();
        int unread = isOver ? unreadAtEnd : lying();
        long waited = (isOver ? endedAt : Ticker.system().nanos()) - since;
        return unread == 0 && readAt - since > Math.max(SOON_NANOS, waited / SOON_PART) ? UNKNOWN : unread;
    }

    /** Returns how many bytes were read from it so far; only one thread reads at a time. */
    long received() {
        return received;
    }

    /** Returns how many bytes have come that nobody has read, negative where nobody knows. */
    int lying() {
        try {
            return isConnected() ? super.getInputStream().available() : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private void remember() {
        if (unreadAtEnd == UNKNOWN && !isClosed()) {
            endedAt = Ticker.system().nanos();
            unreadAtEnd = lying();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Watched(super.getInputStream());
    }

    // TLS shuts what it reads from down before it closes it, and then nothing lies there any more.
    @Override
    public void shutdownInput() throws IOException {
        remember();
        super.shutdownInput();
    }

    @Override
    public synchronized void close() throws IOException {
        remember();
        super.close();
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        // OkHttp asks for none when a connection is HTTP/2, and never again: it is there then, told or not.
        askedMillis = millis;
        int limit = limitMillis;
        super.setSoTimeout(limit == 0 || millis < limit ? millis : limit);
    }

    /** Notes when something is read, and how much. */
    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            runBeforeRead();
            readAt = Ticker.system().nanos();
            int read = super.read();
            readAt = Ticker.system().nanos();
            note(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            runBeforeRead();
            readAt = Ticker.system().nanos();
            int count = super.read(into, from, most);
            readAt = Ticker.system().nanos();
            note(count);
            return count;
        }

        private void runBeforeRead() {
            Runnable task = beforeRead;
            if (task != null) {
                beforeRead = null;
                task.run();
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // only whoever reads writes it
        private void note(int count) {
            if (count > 0) {
                received += count;
            }
        }
    }
}
