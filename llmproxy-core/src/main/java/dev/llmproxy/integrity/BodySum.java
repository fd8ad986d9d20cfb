package dev.llmproxy.integrity;

import java.util.Objects;
import java.util.zip.CRC32C;
import okio.Buffer;
import okio.ByteString;

/**
 * The sum of a body. For that of a long one the first event of a stream would wait many times as long if it were its hash
 * code.
 */
final class BodySum {
    private static final int SHORT = 512;

    private BodySum() {}

    static int of(ByteString body) {
        return body.size() <= SHORT ? body.hashCode() : checksum(body);
    }

    private static int checksum(ByteString body) {
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
