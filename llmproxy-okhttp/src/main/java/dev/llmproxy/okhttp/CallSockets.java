package dev.llmproxy.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes the sockets of a bound client. OkHttp lets a TLS handshake, and a proxy that opens a tunnel, be silent for as
 * long as an answer: minutes, with a language model. These sockets hold them to the budget for connecting.
 */
final class CallSockets extends SocketFactory {
    // OkHttp 4 makes the socket and then says for whom, OkHttp 5 the other way round; both on one thread.
    private static final boolean SOCKET_FIRST = OkHttpVersion.isFour();
    private static final ThreadLocal<CallListener> NEXT = new ThreadLocal<>();
    private static final ThreadLocal<CallSocket> LAST = new ThreadLocal<>();

    /** Called when a connection is about to be opened on this thread. */
    static void connecting(CallListener listener) {
        if (!SOCKET_FIRST) {
            NEXT.set(listener);
            return;
        }
        CallSocket socket = LAST.get();
        LAST.remove();
        if (socket != null) {
            listener.opening(socket);
        }
    }

    @Override
    public Socket createSocket() {
        CallSocket socket = new CallSocket();
        if (SOCKET_FIRST) {
            LAST.set(socket);
            return socket;
        }
        CallListener listener = NEXT.get();
        NEXT.remove();
        if (listener != null) {
            listener.opening(socket);
        }
        return socket;
    }

    // OkHttp makes unconnected sockets only; the rest is for whoever else takes the client's factory.

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return getDefault().createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return getDefault().createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return getDefault().createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return getDefault().createSocket(host, port, local, localPort);
    }
}
