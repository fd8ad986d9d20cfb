package dev.llmproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that notices when it cannot send any more. */
final class Uploader implements Closeable {
    private static final int STALLED_MILLIS = 300;

    private final Selector selector = Selector.open();
    private final SocketChannel channel;

    Uploader(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(Loopback.address(), port));
    }

    /** Posts a body of this length and returns how much of the request the system took before it was stalled. */
    long uploads(int length) throws IOException {
        String head = "POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_WRITE);
        ByteBuffer body = ByteBuffer.allocate(length);
        while (body.hasRemaining() && selector.select(STALLED_MILLIS) > 0) {
            selector.selectedKeys().clear();
            channel.write(body);
        }
        return body.position();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
