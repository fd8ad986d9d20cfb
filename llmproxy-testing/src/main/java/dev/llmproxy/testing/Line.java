package dev.llmproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One accepted TCP connection: its sockets, what comes in, and the ways in which it ends. */
final class Line {
    private final Socket raw;
    private final Ledger ledger;
    private final Crew crew;
    private final Inbound in;
    private @Nullable SSLSocket tls;
    private volatile boolean pumping;
    private volatile boolean abandoned;

    Line(Socket raw, Ledger ledger, Crew crew) {
        this.raw = raw;
        this.ledger = ledger;
        this.crew = crew;
        this.in = new Inbound(ledger.bytesReceived::addAndGet);
    }

    /** Has each write go out as it is, so that pauses and drips are seen. */
    void start() throws IOException {
        raw.setTcpNoDelay(true);
    }

    int port() {
        return raw.getLocalPort();
    }

    Inbound in() {
        return in;
    }

    void handshake(Tls how) throws IOException {
        SSLSocket socket = how.secure(raw);
        socket.startHandshake();
        tls = socket;
    }

    private Socket socket() {
        return tls == null ? raw : tls;
    }

    /** Starts to read what comes, if that has not begun. */
    void open() throws IOException {
        if (!pumping) {
            InputStream stream = socket().getInputStream();
            crew.read(() -> in.pump(stream));
            pumping = true;
        }
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        socket().getOutputStream().write(bytes, offset, length);
        ledger.bytesSent.addAndGet(length);
    }

    /** Waits until the gate is open; returns false if the client hung up before. */
    boolean await(Gate gate) {
        gate.reached(in::wake);
        return in.await(gate::isOpen, Long.MAX_VALUE / 2);
    }

    /** Waits this long; returns false if the client hung up before. */
    boolean await(long nanos) {
        return in.await(() -> false, nanos);
    }

    /** Stays silent until the client hangs up or the provider is closed. */
    void awaitHangUp() throws IOException {
        open();
        in.await(() -> false, Long.MAX_VALUE / 2);
    }

    /** Ends what we send as the protocols want it, and waits until the client does the same. */
    void finish() throws IOException {
        if (tls != null) {
            tls.shutdownOutput();
        }
        cut();
    }

    /** Sends a FIN and nothing before it, and waits until the client hangs up. */
    void cut() throws IOException {
        raw.shutdownOutput();
        // Bytes that stay unread would make the system send a RST when we close.
        in.discard();
        awaitHangUp();
    }

    /** Sends a RST, unless the client's end is to be watched. */
    void reset() throws IOException {
        if (!abandoned) {
            raw.setSoLinger(true, 0);
            raw.close();
        }
    }

    /** Carries bytes to and from this address until one side ends. */
    void relay(String host, int port) throws IOException {
        Relay relay = new Relay(this);
        try {
            relay.connect(host, port);
        } catch (IOException e) {
            reset();
            return;
        }
        crew.serve(relay::upstream);
        relay.downstream();
    }

    /** Ends every wait and sends a FIN, but leaves the client's end to be watched, if it is being read; from any thread. */
    void abandon() {
        abandoned = pumping;
        if (abandoned) {
            in.discard();
            in.hangUp();
            try {
                raw.shutdownOutput();
            } catch (IOException e) {
                // It is gone, which the reading thread has seen as well.
            }
        } else {
            close();
        }
    }

    /** Waits until the client has closed its end, if that is watched; returns false if it does not in this time. */
    boolean awaitEnd(long nanos) {
        return !abandoned || in.awaitEnd(nanos);
    }

    /** Gives up the connection, unless it was abandoned to be watched. */
    void leave() {
        if (!abandoned) {
            close();
        }
    }

    /** Ends the connection and every wait on it, from any thread. */
    void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
        in.hangUp();
    }
}
