package dev.llmproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends and reads exactly what a test says, over a plain socket. */
final class RawClient implements Closeable {
    static final Duration SOON = Duration.ofSeconds(5);
    private static final int SILENCE_MILLIS = 150;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private boolean reset;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        socket.setSoTimeout((int) SOON.toMillis());
    }

    static RawClient to(ScriptedProvider provider) throws IOException {
        return new RawClient(new Socket(Loopback.address(), provider.port()));
    }

    static RawClient tlsThrough(ScriptedProvider proxy) throws IOException {
        RawClient plain = to(proxy).send("CONNECT x:443 HTTP/1.1\r\n\r\n");
        plain.readHead();
        return new RawClient(Tls.clientContext().getSocketFactory().createSocket(plain.socket, "127.0.0.1", 443, true));
    }

    /** Returns all that comes back for a request that asks for the connection to be closed, and how it ends. */
    static String answer(Reply reply) throws IOException {
        return answer("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", reply);
    }

    static String answer(String request, Reply reply) throws IOException {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.enqueue(reply);
            try (RawClient client = to(provider)) {
                return client.sendAll(request).readToEnd();
            }
        }
    }

    RawClient send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** Sends what it can: a provider that ends the connection early may be faster than we are. */
    RawClient sendAll(String text) {
        try {
            return send(text);
        } catch (IOException e) {
            // A reset that a write has met is not told again by the read; after a FIN it is a broken pipe.
            reset = String.valueOf(e.getMessage()).contains("reset");
            return this;
        }
    }

    RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\n\r\n");
    }

    RawClient post(String path, String body) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Reads up to and with the end of a head. */
    String readHead() throws IOException {
        return readTo("\r\n\r\n");
    }

    /** Reads up to and with this text. */
    String readTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next == -1) {
                throw new IOException("ended after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** Reads to the end of the connection and adds its name. */
    String readToEnd() {
        StringBuilder read = new StringBuilder();
        try {
            for (int next = in.read(); next != -1; next = in.read()) {
                read.append((char) next);
            }
            return read + (reset ? "|RST" : "|FIN");
        } catch (SocketTimeoutException e) {
            return read + "|silence";
        } catch (IOException e) {
            return read + "|RST";
        }
    }

    /** Reads this many bytes and what comes soon after them, if anything does. */
    String readToSilence(int count) throws IOException {
        String read = new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
        socket.setSoTimeout(SILENCE_MILLIS);
        return read + readToEnd();
    }

    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
