package dev.llmproxy.mutation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Makes the binary frames of Bedrock's streams. */
final class Frame {
    private Frame() {}

    static byte[] exception(String type, String payload) {
        ByteBuffer headers = ByteBuffer.allocate(200);
        header(headers, ":message-type", "exception");
        header(headers, ":exception-type", type);
        header(headers, ":content-type", "application/json");
        byte[] data = payload.getBytes(StandardCharsets.UTF_8);
        int length = 16 + headers.position() + data.length;
        byte[] bytes = new byte[length];
        ByteBuffer frame = ByteBuffer.wrap(bytes).putInt(length).putInt(headers.position());
        frame.putInt(crc(bytes, 8)).put(headers.flip()).put(data);
        frame.putInt(crc(bytes, length - 4));
        return bytes;
    }

    private static void header(ByteBuffer headers, String name, String value) {
        headers.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        headers.put((byte) 7).putShort((short) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static int crc(byte[] frame, int length) {
        CRC32 crc = new CRC32();
        crc.update(frame, 0, length);
        return (int) crc.getValue();
    }
}
