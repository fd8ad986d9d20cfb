package dev.llmproxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Carries bytes between a client and the target of its tunnel until one of them ends. */
final class Relay {
    private final Line line;
    private final Socket target = new Socket();

    Relay(Line line) {
        this.line = line;
    }

    void connect(String host, int port) throws IOException {
        target.connect(new InetSocketAddress(host, port));
    }

    /** Carries what the client sends; then the target is of no use any more. */
    void upstream() {
        byte[] bytes = new byte[8 * 1024];
        try (target) {
            OutputStream out = target.getOutputStream();
            for (int count = line.in().read(bytes);
                    count != -1;
                    count = line.in().read(bytes)) {
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // The target is gone: downstream tells the client.
        }
    }

    /** Carries what the target answers, and how it ends: a FIN as a FIN, all else as a RST. */
    void downstream() throws IOException {
        byte[] bytes = new byte[8 * 1024];
        try {
            InputStream in = target.getInputStream();
            for (int count = in.read(bytes); count != -1; count = in.read(bytes)) {
                line.write(bytes, 0, count);
            }
        } catch (IOException e) {
            line.reset();
            return;
        }
        line.cut();
    }
}
