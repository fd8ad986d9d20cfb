package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What happens to bytes on their way. */
final class ByteKinds {
    static final Set<FaultCause> CUT =
            Set.of(FaultCause.TRUNCATED_SILENTLY, FaultCause.STREAM_UNTERMINATED, FaultCause.EMPTY_BODY);

    private ByteKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind("cut, sound framing", CUT, (recording, chance) -> cut(recording, chance)),
                Kind.of("byte changed", (recording, chance) -> changed(recording.body(), chance)),
                Kind.of("bytes lost", (recording, chance) -> lost(recording.body(), chance)),
                Kind.of("bytes repeated", (recording, chance) -> repeated(recording.body(), chance)),
                Kind.of("invalid UTF-8 byte", ByteKinds::withInvalidByte),
                Kind.of("half a character", (recording, chance) -> halved(recording, chance)),
                Kind.of("raw control character", ByteKinds::withControl),
                Kind.of("character replaced by U+FFFD", ByteKinds::replaced),
                Kind.of("UTF-8 taken for Latin-1", ByteKinds::mistaken),
                Kind.of("UTF-16", (recording, chance) -> utf16(recording)),
                new Kind(
                        "compressed, not said so",
                        Set.of(FaultCause.BAD_COMPRESSION),
                        (recording, chance) -> compressed(recording)),
                new Kind(
                        "second value behind",
                        Set.of(FaultCause.TRAILING_DATA, FaultCause.BAD_JSON),
                        (recording, chance) -> twice(recording)));
    }

    static byte[] cut(Recording recording, RandomGenerator chance) {
        return Arrays.copyOf(recording.body(), chance.nextInt(recording.body().length));
    }

    private static byte[] changed(byte[] body, RandomGenerator chance) {
        byte[] damaged = body.clone();
        damaged[chance.nextInt(body.length)] ^= (byte) (1 + chance.nextInt(255));
        return damaged;
    }

    private static byte[] lost(byte[] body, RandomGenerator chance) {
        int from = chance.nextInt(body.length);
        int to = Math.min(body.length, from + 1 + chance.nextInt(100));
        return joined(Arrays.copyOf(body, from), Arrays.copyOfRange(body, to, body.length));
    }

    private static byte[] repeated(byte[] body, RandomGenerator chance) {
        int from = chance.nextInt(body.length);
        int to = Math.min(body.length, from + 1 + chance.nextInt(100));
        return joined(Arrays.copyOf(body, to), Arrays.copyOfRange(body, from, body.length));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte @Nullable [] withInvalidByte(Recording recording, RandomGenerator chance) {
        return recording.shape() == Shape.FRAMES
                ? null
                : inserted(recording.body(), 0x80 + chance.nextInt(128), chance);
    }

    private static byte @Nullable [] withControl(Recording recording, RandomGenerator chance) {
        return recording.shape() == Shape.FRAMES ? null : inserted(recording.body(), chance.nextInt(32), chance);
    }

    private static byte[] inserted(byte[] body, int value, RandomGenerator chance) {
        int at = chance.nextInt(body.length);
        return joined(Arrays.copyOf(body, at), new byte[] {(byte) value}, Arrays.copyOfRange(body, at, body.length));
    }

    private static byte @Nullable [] halved(Recording recording, RandomGenerator chance) {
        byte[] body = recording.body();
        int start = chance.nextInt(body.length);
        for (int i = 0; i < body.length; i++) {
            int at = (start + i) % body.length;
            if (recording.shape() != Shape.FRAMES && (body[at] & 0xc0) == 0x80) {
                return joined(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at + 1, body.length));
            }
        }
        return null;
    }

    // What a relay writes where it could not read.
    private static byte @Nullable [] replaced(Recording recording, RandomGenerator chance) {
        String text = Plain.text(recording.body());
        if (recording.shape() == Shape.FRAMES || text == null) {
            return null;
        }
        int[] wide = IntStream.range(0, text.length())
                .filter(i -> text.charAt(i) > 0x7f && !Character.isLowSurrogate(text.charAt(i)))
                .toArray();
        if (wide.length == 0) {
            return null;
        }
        int at = wide[chance.nextInt(wide.length)];
        String damaged = text.substring(0, at) + '\ufffd' + text.substring(text.offsetByCodePoints(at, 1));
        return damaged.getBytes(StandardCharsets.UTF_8);
    }

    // Nothing changes where all is ASCII.
    private static byte @Nullable [] mistaken(Recording recording, RandomGenerator chance) {
        String mistaken = new String(recording.body(), StandardCharsets.ISO_8859_1);
        return recording.shape() == Shape.FRAMES ? null : mistaken.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] utf16(Recording recording) {
        String text = Plain.text(recording.body());
        return recording.shape() == Shape.FRAMES || text == null ? null : text.getBytes(StandardCharsets.UTF_16);
    }

    private static byte @Nullable [] compressed(Recording recording) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(recording.body());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("cannot happen in memory", e);
        }
        return bytes.toByteArray();
    }

    private static byte @Nullable [] twice(Recording recording) {
        return recording.shape() == Shape.PLAIN || recording.shape() == Shape.ARRAY
                ? joined(recording.body(), ByteString.encodeUtf8("{\"a\":1}").toByteArray())
                : null;
    }
}
