package dev.llmproxy.event;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The id of a call, which becomes text when somebody asks for it: for who remembers many calls, tells few of them, and
 * must not keep what they asked. Thread-safe.
 */
public final class CallId {
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final int RADIX = Character.MAX_RADIX;

    private final String prefix;
    private final long number;
    private volatile @Nullable String text;

    /**
     * Constructs the id of a call.
     *
     * @param prefix what the ids of a proxy's calls begin with: ASCII
     * @param number the number of the call at its proxy, not negative
     */
    CallId(String prefix, long number) {
        this.prefix = Objects.requireNonNull(prefix, "prefix");
        this.number = number;
    }

    // In one array, of the right length.
    private static String joined(String prefix, long number) {
        int begin = prefix.length();
        int at = begin + digits(number);
        byte[] text = new byte[at];
        for (int i = 0; i < begin; i++) {
            text[i] = (byte) prefix.charAt(i);
        }
        for (long left = number; at > begin; left /= RADIX) {
            at--;
            text[at] = DIGITS[(int) (left % RADIX)];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long left = number / RADIX; left > 0; left /= RADIX) {
            digits++;
        }
        return digits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallId that && number == that.number && prefix.equals(that.prefix);
    }

    @Override
    public int hashCode() {
        return 31 * prefix.hashCode() + Long.hashCode(number);
    }

    /** Returns the id: short, because it stands in every log line. */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = joined(prefix, number);
            text = known;
        }
        return known;
    }
}
