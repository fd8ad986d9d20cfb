package dev.llmproxy.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Accepts connections at once, and passes their bytes on only after a while: whatever comes first comes late. */
final class LateRelay implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Duration late;
    private final CountDownLatch closed = new CountDownLatch(1);

    LateRelay(int target, Duration late) {
        this.target = target;
        this.late = late;
        try {
            this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "late-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                start(() -> relay(from));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void relay(Socket from) {
        try (Socket near = from;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            if (!closed.await(late.toMillis(), TimeUnit.MILLISECONDS)) {
                start(() -> copy(far, near));
                copy(near, far);
            }
        } catch (IOException e) {
            // The client has gone meanwhile.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side has gone: the other is closed with the relay.
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }
}
