package dev.llmproxy.integrity;

import java.util.Objects;
import java.util.zip.CRC32C;
import okio.Buffer;
import okio.ByteString;

/** The checksum of a body. Its hash code takes many times as long, and the first event of a stream would wait for it. */
final class BodySum {
    private BodySum() {}

    static int of(ByteString body) {
        CRC32C sum = new CRC32C();
        // Of a large body a buffer shares the segments.
        Buffer buffer = new Buffer().write(body);
        try (Buffer.UnsafeCursor at = buffer.readUnsafe()) {
            while (at.next() != -1) {
                sum.update(Objects.requireNonNull(at.data), at.start, at.end - at.start);
            }
        } finally {
            buffer.clear();
        }
        return (int) sum.getValue();
    }
}
