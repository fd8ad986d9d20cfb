package dev.llmproxy.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/**
 * Streams the same answer over a loopback socket to each request: two events at once, since the first one of a chat says
 * nothing yet, and the rest when the client says that it has the first.
 */
final class StreamServer implements AutoCloseable {
    private static final int FIRST = 2;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final Semaphore firstRead = new Semaphore(0);
    private final byte[] beginning;
    private final byte[] rest;
    private final byte[] longRest;

    StreamServer() throws IOException {
        ChatStream stream = new ChatStream(false);
        int firstEnd = stream.documents[2 * FIRST - 1] + 2;
        int last = stream.documents[stream.documents.length - 2] - "data: ".length();
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(HEAD.getBytes(ISO_8859_1));
        chunk(first, stream.bytes, 0, firstEnd);
        beginning = first.toByteArray();
        rest = rest(stream.bytes, firstEnd, last, 1);
        longRest = rest(stream.bytes, firstEnd, last, 11);
        Thread acceptor = new Thread(this::accept, "benchmark-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static byte[] rest(byte[] stream, int from, int last, int times) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            chunk(rest, stream, from, last);
        }
        chunk(rest, stream, last, stream.length);
        rest.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return rest.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, byte[] stream, int from, int to) {
        out.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(ISO_8859_1));
        out.write(stream, from, to - from);
        out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1/chat/completions";
    }

    /** Has the rest of the answer sent. */
    void firstEventRead() {
        firstRead.release();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread connection = new Thread(() -> serve(socket), "benchmark-connection");
                connection.setDaemon(true);
                connection.start();
            }
        } catch (IOException e) {
            // Closed, as it ends.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            String head = head(in);
            while (!head.isEmpty()) {
                in.skipNBytes(length(head));
                out.write(beginning);
                firstRead.acquireUninterruptibly();
                out.write(head.contains("X-Long:") ? longRest : rest);
                head = head(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            head.append((char) next);
            if (next == '\n' && head.length() > 3 && head.charAt(head.length() - 3) == '\n') {
                return head.toString();
            }
            next = in.read();
        }
        return "";
    }

    private static int length(String head) {
        String name = "Content-Length: ";
        int from = head.indexOf(name) + name.length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
