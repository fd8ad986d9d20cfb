package dev.llmproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Compresses a body, event by event, so that each event can still be read as soon as it arrives. */
enum Gzip {
    OFF,
    SOUND,
    /** The checksum of the content is wrong. */
    DAMAGED,
    /** The last bytes are missing. */
    TRUNCATED;

    /** The length of the checksum and the size after the compressed data. */
    private static final int TRAILER = 8;

    List<byte[]> encode(List<byte[]> events) {
        if (this == OFF) {
            return events;
        }
        List<byte[]> encoded = compressed(events);
        int last = encoded.size() - 1;
        byte[] end = encoded.get(last);
        if (this == DAMAGED) {
            end[end.length - TRAILER] ^= 0xFF;
        } else if (this == TRUNCATED) {
            encoded.set(last, Arrays.copyOf(end, end.length - TRAILER - 2));
        }
        return encoded;
    }

    private static List<byte[]> compressed(List<byte[]> events) {
        List<byte[]> encoded = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 512, true)) {
            for (byte[] event : events.subList(0, Math.max(0, events.size() - 1))) {
                gzip.write(event);
                gzip.flush();
                encoded.add(bytes.toByteArray());
                bytes.reset();
            }
            if (!events.isEmpty()) {
                gzip.write(events.get(events.size() - 1));
            }
            gzip.finish();
            encoded.add(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return encoded;
    }
}
