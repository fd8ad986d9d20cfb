package dev.llmproxy.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/** Makes sockets of a test's own kind as OkHttp asks for them, and no others. */
public final class OwnSockets extends SocketFactory {
    private final Supplier<Socket> kind;

    public OwnSockets(Supplier<Socket> kind) {
        this.kind = kind;
    }

    /** Returns a factory of sockets that cannot be connected: no test can take the network, or a port, from the kernel. */
    public static SocketFactory refusing(Supplier<IOException> thrown) {
        return new OwnSockets(() -> new Socket() {
            @Override
            public void connect(SocketAddress address, int timeout) throws IOException {
                throw thrown.get();
            }
        });
    }

    @Override
    public Socket createSocket() {
        return kind.get();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new IllegalStateException("not used");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new IllegalStateException("not used");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new IllegalStateException("not used");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new IllegalStateException("not used");
    }
}
