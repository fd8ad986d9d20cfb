package dev.llmproxy.redis;

import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.cache.DamagedEntryException;
import dev.llmproxy.call.LlmHeaders;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.ByteString;

/**
 * An answer, and when it has to be forgotten. As bytes, in network order: status (2), stored at (8), fresh until (8), expires
 * at (8), number of headers (2), each header's name and value (length (4) and UTF-8), and the body, which is the rest.
 *
 * <p>The end is in the entry, too: an old one that somebody puts back is not served.
 */
record Entry(CachedAnswer answer, long expiresAt) {
    private static final int MOST_HEADERS = 1000;
    private static final int FIXED = Short.BYTES + 3 * Long.BYTES + Short.BYTES;

    byte[] bytes() throws IOException {
        LlmHeaders headers = answer.headers();
        if (headers.size() > MOST_HEADERS) {
            throw new IOException("headers: " + headers.size() + " (expected: at most " + MOST_HEADERS + ")");
        }
        Buffer buffer = new Buffer();
        buffer.writeShort(answer.status());
        buffer.writeLong(answer.storedAt()).writeLong(answer.freshUntil()).writeLong(expiresAt);
        buffer.writeShort(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            writeText(buffer, headers.name(i));
            writeText(buffer, headers.value(i));
        }
        return buffer.write(answer.body()).readByteArray();
    }

    // Refuses what does not come back as it was, where String.getBytes would put a question mark.
    private static void writeText(Buffer buffer, String text) throws IOException {
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        buffer.writeInt(encoded.remaining());
        int unused = buffer.write(encoded);
    }

    static Entry of(byte[] bytes) throws DamagedEntryException {
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | CharacterCodingException e) {
            throw damaged();
        }
    }

    private static Entry read(ByteBuffer in) throws DamagedEntryException, CharacterCodingException {
        if (in.remaining() < FIXED) {
            throw damaged();
        }
        int status = in.getShort();
        long storedAt = in.getLong();
        long freshUntil = in.getLong();
        long expiresAt = in.getLong();
        int headers = in.getShort();
        if (headers < 0 || headers > MOST_HEADERS) {
            throw damaged();
        }
        String[] lines = new String[2 * headers];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = readText(in);
        }
        ByteString body = ByteString.of(in);
        return new Entry(new CachedAnswer(status, LlmHeaders.received(lines), body, storedAt, freshUntil), expiresAt);
    }

    private static String readText(ByteBuffer in) throws DamagedEntryException, CharacterCodingException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw damaged();
        }
        ByteBuffer text = in.slice(in.position(), length);
        in.position(in.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    }

    private static DamagedEntryException damaged() {
        return new DamagedEntryException("a stored answer cannot be read");
    }
}
