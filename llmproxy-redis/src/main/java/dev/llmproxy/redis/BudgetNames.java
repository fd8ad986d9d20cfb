package dev.llmproxy.redis;

import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okio.ByteString;

/**
 * The names of one budget: {@code prefix:budget:unit:hash}, of the place and of how many a minute there are, so that who
 * sets another number does not change that of others.
 */
final class BudgetNames {
    private static final int HASH_BYTES = 16;

    private final String name;

    BudgetNames(String prefix, String place, Limit unit, long perMinute) {
        ByteString hash =
                ByteString.encodeUtf8(perMinute + " " + place).sha256().substring(0, HASH_BYTES);
        this.name = prefix + ":budget:" + unit.name().toLowerCase(Locale.ROOT) + ':' + hash.hex();
    }

    byte[] bucket() {
        return ascii(name);
    }

    byte[] processes() {
        return ascii(name + ":processes");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
