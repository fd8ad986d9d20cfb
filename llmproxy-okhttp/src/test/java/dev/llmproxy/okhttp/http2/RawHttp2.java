package dev.llmproxy.okhttp.http2;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;

/** One HTTP/2 connection, frame by frame: what a server may send that no ready-made one does. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PREFACE = 24;
    /** The stream of the first request of OkHttp, which leaves 1 to upgrades. */
    static final int FIRST = 3;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private BufferedSource in = new Buffer();
    private BufferedSink out = new Buffer();

    /** What the server does with its connection. */
    @FunctionalInterface
    interface Play {
        void on(RawHttp2 connection) throws IOException;
    }

    RawHttp2(Play play) throws IOException {
        Thread thread = new Thread(
                () -> {
                    try (Socket socket = server.accept()) {
                        in = Okio.buffer(Okio.source(socket));
                        out = Okio.buffer(Okio.sink(socket));
                        in.skip(PREFACE);
                        frame(SETTINGS, 0, 0, ByteString.EMPTY);
                        play.on(this);
                    } catch (IOException e) {
                        // What the client makes of it is what the test looks at.
                    }
                },
                "raw-http2");
        thread.setDaemon(true);
        thread.start();
    }

    String url(String path) {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + path;
    }

    void frame(int type, int flags, int stream, ByteString payload) throws IOException {
        out.writeByte(payload.size() >> 16).writeShort(payload.size() & 0xffff);
        out.writeByte(type).writeByte(flags).writeInt(stream).write(payload).flush();
    }

    void frame(int type, int stream, int... words) throws IOException {
        Buffer payload = new Buffer();
        for (int word : words) {
            payload.writeInt(word);
        }
        frame(type, 0, stream, payload.readByteString());
    }

    void headers(int status, String type) throws IOException {
        Buffer block = new Buffer();
        literal(block, ":status", Integer.toString(status));
        literal(block, "content-type", type);
        frame(HEADERS, END_HEADERS, FIRST, block.readByteString());
    }

    private static void literal(Buffer block, String name, String value) {
        block.writeByte(0).writeByte(name.length()).writeUtf8(name);
        block.writeByte(value.length()).writeUtf8(value);
    }

    void data(String text, boolean last) throws IOException {
        frame(DATA, last ? END_STREAM : 0, FIRST, ByteString.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Changes one setting, here the size of windows that begin with 4. */
    void setting(int id, int value) throws IOException {
        frame(SETTINGS, 0, 0, new Buffer().writeShort(id).writeInt(value).readByteString());
    }

    /** Reads frames until one of this type. */
    void await(int type) throws IOException {
        while (read() != type) {
            // Others are of no interest.
        }
    }

    /** Reads until the request has ended. */
    void awaitRequest() throws IOException {
        boolean ended = false;
        while (!ended) {
            int length = length();
            int type = in.readByte();
            ended = (in.readByte() & END_STREAM) != 0 && (type == DATA || type == HEADERS);
            in.skip(4L + length);
        }
    }

    private int read() throws IOException {
        int length = length();
        int type = in.readByte();
        in.skip(5L + length);
        return type;
    }

    private int length() throws IOException {
        return (in.readByte() & 0xff) << 16 | (in.readShort() & 0xffff);
    }

    /** Reads until the client has closed the connection. */
    void awaitClose() throws IOException {
        try {
            while (true) {
                var unused = read();
            }
        } catch (EOFException | SocketException e) {
            // It has.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
