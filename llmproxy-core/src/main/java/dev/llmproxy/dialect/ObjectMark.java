package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAI's formats call themselves, in the first bytes of an answer. Relays answer in another of them than their
 * address says.
 */
final class ObjectMark {
    private static final byte[] OBJECT = "\"object\":".getBytes(StandardCharsets.UTF_8);
    private static final int LOOKED_AT = 512;

    private ObjectMark() {}

    /** Returns the format that the answer names, or nothing where it names none in its first bytes. */
    static Optional<Dialect> in(byte[] data, int from, int to) {
        int end = Math.min(to, from + LOOKED_AT);
        int quote = valueAfter(data, from, end);
        return quote < 0 ? Optional.empty() : Dialects.named(word(data, quote + 1, end));
    }

    private static int valueAfter(byte[] data, int from, int end) {
        for (int i = from; i + OBJECT.length < end; i++) {
            if (data[i] == '"' && startsWith(data, i)) {
                int value = i + OBJECT.length;
                while (value < end && data[value] == ' ') {
                    value++;
                }
                return value < end && data[value] == '"' ? value : -1;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] data, int at) {
        for (int i = 0; i < OBJECT.length; i++) {
            if (data[at + i] != OBJECT[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String word(byte[] data, int from, int end) {
        for (int i = from; i < end; i++) {
            if (data[i] == '"') {
                return new String(data, from, i - from, StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
