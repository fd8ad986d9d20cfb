package dev.llmproxy.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A proxy that speaks SOCKS 5 (RFC 1928), and makes no connection. */
final class SocksProxy implements AutoCloseable {
    private static final int NO_METHOD = 255;

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final int code;

    private SocksProxy(int code) throws IOException {
        this.code = code;
    }

    static SocksProxy refusing(int code) throws IOException {
        SocksProxy proxy = new SocksProxy(code);
        new Thread(proxy::serve, "socks").start();
        return proxy;
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                refuse(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // The client has gone, or the test is over.
            }
        }
    }

    private void refuse(InputStream in, OutputStream out) throws IOException {
        in.readNBytes(in.readNBytes(2)[1]);
        out.write(new byte[] {5, (byte) (code == NO_METHOD ? NO_METHOD : 0)});
        if (code != NO_METHOD) {
            // Version, command, blank, the kind of address: OkHttp leaves the name to the proxy.
            in.readNBytes(4);
            in.readNBytes(in.read() + 2);
            out.write(new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
        }
        out.flush();
        // Until the client hangs up: to close first would reset what it has not read.
        var unused = in.read();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
