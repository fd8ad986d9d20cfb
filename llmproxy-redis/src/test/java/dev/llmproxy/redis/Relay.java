package dev.llmproxy.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and a server on this machine and spoils what the server says. */
final class Relay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicLong flips = new AtomicLong();
    private final SplittableRandom random;
    private final int to;
    private volatile int oneByteIn = Integer.MAX_VALUE;
    private volatile boolean swallows;
    private volatile boolean callsStringsMaps;

    Relay(int to, long seed) throws IOException {
        this.to = to;
        this.random = new SplittableRandom(seed);
        run(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on flips a bit of one of so many bytes that the server sends. */
    void flipOneByteIn(int bytes) {
        oneByteIn = bytes;
    }

    /** From now on makes a map of the string that begins what the server sends: that is one bit. */
    void callStringsMaps() {
        callsStringsMaps = true;
    }

    /** From now on keeps back what the server sends, or lets it pass again: what was kept back is lost. */
    void swallow(boolean on) {
        swallows = on;
    }

    long flips() {
        return flips.get();
    }

    /** Ends all connections. */
    void cut() {
        sockets.forEach(Relay::close);
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.add(client);
                sockets.add(server);
                run(() -> pass(client, server, false));
                run(() -> pass(server, client, true));
            }
        } catch (IOException e) {
            cut();
        }
    }

    private void pass(Socket from, Socket into, boolean spoil) {
        byte[] bytes = new byte[8192];
        try (from;
                into) {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                if (!spoil || !swallows) {
                    out.write(bytes, 0, spoil ? spoiled(bytes, length) : length);
                }
            }
        } catch (IOException e) {
            // The other side is closed as well.
        }
    }

    private synchronized int spoiled(byte[] bytes, int length) {
        if (callsStringsMaps && bytes[0] == '$') {
            bytes[0] = '%';
        }
        int in = oneByteIn;
        for (int i = 0; in < Integer.MAX_VALUE && i < length; i++) {
            if (random.nextInt(in) == 0) {
                bytes[i] ^= (byte) (1 << random.nextInt(8));
                flips.incrementAndGet();
            }
        }
        return length;
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
