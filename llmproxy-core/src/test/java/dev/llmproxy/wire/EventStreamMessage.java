package dev.llmproxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import okio.Buffer;

/** Builds a binary message of AWS's event stream. */
public final class EventStreamMessage {
    private final Buffer headers = new Buffer();
    private byte[] payload = {};

    /** Begins an event of a type. */
    public static EventStreamMessage event(String type) {
        return new EventStreamMessage().header(":message-type", "event").header(":event-type", type);
    }

    /** Begins an exception of a type. */
    public static EventStreamMessage exception(String type) {
        return new EventStreamMessage().header(":message-type", "exception").header(":exception-type", type);
    }

    /** Adds a header with a text. */
    public EventStreamMessage header(String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return header(
                name, 7, new Buffer().writeShort(bytes.length).write(bytes).readByteArray());
    }

    /** Adds a header of a type with its value as it is on the wire. */
    public EventStreamMessage header(String name, int type, byte[] value) {
        headers.writeByte(name.length()).writeUtf8(name).writeByte(type).write(value);
        return this;
    }

    /** Sets the payload. */
    public EventStreamMessage payload(String text) {
        payload = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Returns the message. */
    public byte[] bytes() {
        Buffer message = new Buffer();
        message.writeInt((int) (16 + headers.size() + payload.length));
        message.writeInt((int) headers.size());
        message.writeInt(checksum(message));
        message.write(headers.snapshot());
        message.write(payload);
        message.writeInt(checksum(message));
        return message.readByteArray();
    }

    private static int checksum(Buffer message) {
        CRC32 crc = new CRC32();
        crc.update(message.snapshot().toByteArray());
        return (int) crc.getValue();
    }
}
