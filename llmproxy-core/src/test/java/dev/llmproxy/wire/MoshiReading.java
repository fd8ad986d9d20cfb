package dev.llmproxy.wire;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** What a scanner has to show of a document, as Moshi's reader sees it. */
final class MoshiReading {
    private final Map<String, Integer> fields;
    private final List<String> lines = new ArrayList<>();

    private MoshiReading(Map<String, Integer> fields) {
        this.fields = fields;
    }

    /** Returns the lines of {@link RecordingValues}, or null if the document is not accepted. */
    static @Nullable List<String> of(Map<String, Integer> fields, byte[] document) {
        MoshiReading reading = new MoshiReading(fields);
        try (JsonReader reader = JsonReader.of(new Buffer().write(document))) {
            reading.value(reader, "");
            return reader.peek() == JsonReader.Token.END_DOCUMENT ? reading.lines : null;
        } catch (IOException | JsonDataException e) { // The latter where it is nested too deep.
            return null;
        }
    }

    private void value(JsonReader reader, String path) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> array(reader, path);
            case BEGIN_OBJECT -> object(reader, path);
            case STRING -> add(path, "string " + wtf8(reader.nextString()));
            case NUMBER -> add(path, number(reader.nextString()));
            case BOOLEAN -> add(path, String.valueOf(reader.nextBoolean()));
            case NULL -> {
                reader.<Object>nextNull();
                add(path, "null");
            }
            default -> throw new IOException("no value");
        }
    }

    private void array(JsonReader reader, String path) throws IOException {
        add(path, "[");
        reader.beginArray();
        while (reader.hasNext()) {
            value(reader, path + "[]");
        }
        reader.endArray();
        add(path, "end");
    }

    private void object(JsonReader reader, String path) throws IOException {
        Set<String> names = new HashSet<>();
        add(path, "{");
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            // A name that looks like a path is none.
            String step = name.replace("[", "\\[").replace(".", "\\.");
            String member = path.isEmpty() && !name.isEmpty() ? step : path + "." + step;
            if (!names.add(name)) {
                add(member, "again");
            }
            value(reader, member);
        }
        reader.endObject();
        add(path, "end");
    }

    private void add(String path, String line) {
        Integer field = fields.get(path);
        if (field != null) {
            lines.add(field + " " + line);
        }
    }

    private static String number(String text) {
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return "number 0 and more";
        }
        BigInteger whole = new BigDecimal(text).toBigInteger();
        boolean fits = whole.bitLength() < Long.SIZE;
        return "number " + (fits ? whole : 0) + (fits && text.indexOf('.') < 0 ? "" : " and more");
    }

    /** As UTF-8, a lone surrogate in three bytes, each byte as a character. */
    private static String wtf8(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int character : text.codePoints().toArray()) {
            boolean alone = character >= 0xd800 && character <= 0xdfff;
            bytes.write(
                    alone
                            ? threeBytes(character)
                            : Character.toString(character).getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] threeBytes(int character) {
        return new byte[] {(byte) 0xed, (byte) (0x80 | ((character >> 6) & 0x3f)), (byte) (0x80 | (character & 0x3f))};
    }
}
