package dev.llmproxy.mutation;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** The plainest reading of JSON: whole trees by Moshi, and the two things that Moshi lets pass. */
final class Plain {
    private Plain() {}

    /** Returns the text, or null where it is not UTF-8. */
    static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns the one JSON value of a text, or null where it is none. */
    static @Nullable Object json(String text) {
        if (hasControlInString(text)) {
            return null;
        }
        try {
            JsonReader reader = JsonReader.of(new Buffer().writeUtf8(text));
            Object value = value(reader);
            return reader.peek() == JsonReader.Token.END_DOCUMENT ? value : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Says whether an object in a JSON text names a member twice. */
    static boolean namesTwice(String json) {
        try {
            JsonReader reader = JsonReader.of(new Buffer().writeUtf8(json));
            reader.setLenient(true); // For numbers that are too large: that it is JSON is known.
            reader.readJsonValue();
            return false;
        } catch (JsonDataException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("is JSON", e);
        }
    }

    // Moshi's own reading of maps refuses names that come twice, which is no matter of syntax: the last one counts.
    private static @Nullable Object value(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    object.put(reader.nextName(), value(reader));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(value(reader));
                }
                reader.endArray();
                return array;
            }
            case NUMBER -> {
                return Double.valueOf(reader.nextString()); // Moshi refuses what is too large; the grammar does not.
            }
            default -> {
                return reader.readJsonValue();
            }
        }
    }

    private static boolean hasControlInString(String text) {
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString && c == '\\') {
                i++;
            } else if (c == '"') {
                inString = !inString;
            } else if (inString && c < ' ') {
                return true;
            }
        }
        return false;
    }

    /** Says whether a text may be the arguments of a call; null stands for none. */
    static boolean isObject(String text) {
        return json(text) instanceof Map || text.strip().equals("null");
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    static Map<?, ?> map(Map<?, ?> object, String... path) {
        Map<?, ?> at = object;
        for (String name : path) {
            at = map(at.get(name));
        }
        return at;
    }

    static List<?> list(Map<?, ?> object, String name) {
        return list(object.get(name));
    }

    static String text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text ? text : "";
    }

    static int number(Map<?, ?> object, String name, int otherwise) {
        return object.get(name) instanceof Double number ? number.intValue() : otherwise;
    }
}
