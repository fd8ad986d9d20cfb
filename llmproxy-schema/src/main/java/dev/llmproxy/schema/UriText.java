package dev.llmproxy.schema;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text in which a URI may write any byte as {@code %} and two hexadecimal digits. */
final class UriText {
    private UriText() {}

    /** Returns what is meant, or null where it is no text. */
    static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] written = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < written.length; i++) {
            int one = written[i] == '%' ? digits(written, i + 1) : written[i];
            if (written[i] == '%') {
                if (one < 0) {
                    return null;
                }
                i += 2;
            }
            bytes.write(one);
        }
        return text(bytes.toByteArray());
    }

    private static int digits(byte[] written, int at) {
        if (at + 2 > written.length) {
            return -1;
        }
        int high = Character.digit(written[at], 16);
        int low = Character.digit(written[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static @Nullable String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
