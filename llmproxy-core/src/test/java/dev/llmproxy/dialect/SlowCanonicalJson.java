package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** The canonical form written the plain way: a tree of sorted maps, numbers by BigDecimal. */
final class SlowCanonicalJson {
    private static final int MOST_EXPONENT_DIGITS = 9;

    private SlowCanonicalJson() {}

    /** Returns the form, or null where there is none. */
    static @Nullable String of(byte[] json) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            return null;
        }
        if (json.length > 0 && json[0] == (byte) 0xef) {
            return null; // Moshi would skip the mark
        }
        if (isLax(json)) {
            return null; // Moshi takes more than JSON allows
        }
        JsonReader reader = JsonReader.of(new Buffer().write(json));
        try {
            StringBuilder out = new StringBuilder();
            if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
                return null;
            }
            write(reader, 1, out);
            return reader.peek() == JsonReader.Token.END_DOCUMENT ? out.toString() : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    // Control characters as they are, escapes that there are not, and words in capitals.
    private static boolean isLax(byte[] json) {
        boolean inside = false;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '"') {
                inside = !inside;
            } else if (inside && json[i] >= 0 && json[i] < ' ') {
                return true;
            } else if (inside && json[i] == '\\') {
                i++;
                if (i == json.length || "\"\\/bfnrtu".indexOf(json[i]) < 0) {
                    return true;
                }
            } else if (!inside && json[i] >= 'A' && json[i] <= 'Z' && !isExponent(json, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isExponent(byte[] json, int at) {
        return json[at] == 'E' && at > 0 && json[at - 1] >= '0' && json[at - 1] <= '9';
    }

    private static void write(JsonReader reader, int depth, StringBuilder out) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> writeObject(reader, depth, out);
            case BEGIN_ARRAY -> writeArray(reader, depth, out);
            case STRING -> write(reader.nextString(), out);
            case NUMBER -> out.append(number(reader.nextString()));
            case BOOLEAN -> out.append(reader.nextBoolean());
            default -> {
                reader.nextNull();
                out.append("null");
            }
        }
    }

    private static void writeObject(JsonReader reader, int depth, StringBuilder out) throws IOException {
        check(depth <= CanonicalJson.MAX_DEPTH);
        Map<String, String> members = new TreeMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            StringBuilder value = new StringBuilder();
            write(reader, depth + 1, value);
            check(members.put(name, value.toString()) == null);
        }
        reader.endObject();
        String comma = "{";
        for (Map.Entry<String, String> member : members.entrySet()) {
            out.append(comma);
            write(member.getKey(), out);
            out.append(':').append(member.getValue());
            comma = ",";
        }
        out.append(members.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(JsonReader reader, int depth, StringBuilder out) throws IOException {
        check(depth <= CanonicalJson.MAX_DEPTH);
        reader.beginArray();
        out.append('[');
        for (String comma = ""; reader.hasNext(); comma = ",") {
            out.append(comma);
            write(reader, depth + 1, out);
        }
        reader.endArray();
        out.append(']');
    }

    private static void check(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("refused");
        }
    }

    private static void write(String text, StringBuilder out) throws IOException {
        check(StandardCharsets.UTF_8.newEncoder().canEncode(text));
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int named = "\"\\\b\t\n\f\r".indexOf(c);
            if (named >= 0) {
                out.append('\\').append("\"\\btnfr".charAt(named));
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Writes a number as ECMAScript does, which would round it first. */
    static String number(String text) throws IOException {
        check(text.length() <= 64);
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        BigDecimal mantissa = new BigDecimal(e < 0 ? text : text.substring(0, e)).stripTrailingZeros();
        if (mantissa.signum() == 0) {
            return "0";
        }
        String digits = mantissa.unscaledValue().abs().toString();
        long n = digits.length() - (long) mantissa.scale() + exponent(e < 0 ? "0" : text.substring(e + 1));
        String sign = mantissa.signum() < 0 ? "-" : "";
        int k = digits.length();
        if (n > 21 || n <= -6) {
            String fraction = k == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + "e" + (n > 0 ? "+" : "-") + Math.abs(n - 1);
        }
        if (n <= 0) {
            return sign + "0." + "0".repeat((int) -n) + digits;
        }
        return sign
                + (k <= n
                        ? digits + "0".repeat((int) n - k)
                        : digits.substring(0, (int) n) + "." + digits.substring((int) n));
    }

    private static long exponent(String text) throws IOException {
        String digits = text.replace("+", "").replace("-", "");
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        check(digits.length() - zeros <= MOST_EXPONENT_DIGITS);
        long value = zeros == digits.length() ? 0 : Long.parseLong(digits.substring(zeros));
        return text.startsWith("-") ? -value : value;
    }
}
