package dev.llmproxy.schema;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;

/**
 * Reads a JSON text into maps, lists, strings, numbers, booleans and {@link #NULL}, within limits of depth and of what a
 * number may cost to reckon with. Equal numbers are equal objects, however they are written.
 */
final class JsonTree {
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_EXPONENT = 400;

    private JsonTree() {}

    /**
     * Reads a text.
     *
     * @throws IOException if it is not one JSON value
     * @throws UnusableException if it is beyond a limit
     */
    static Object read(Buffer json) throws IOException {
        JsonReader reader = JsonReader.of(json);
        try {
            Object value = value(reader, 0);
            if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
                throw new IOException("more than one value");
            }
            return value;
        } catch (JsonDataException e) {
            throw new IOException("no value", e);
        }
    }

    private static Object value(JsonReader reader, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new UnusableException("nested deeper than " + MAX_DEPTH);
        }
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader, depth);
            case BEGIN_ARRAY -> array(reader, depth);
            case STRING -> reader.nextString();
            case NUMBER -> number(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield NULL;
            }
            default -> throw new IOException("no value");
        };
    }

    private static Map<String, Object> object(JsonReader reader, int depth) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            members.put(reader.nextName(), value(reader, depth + 1));
        }
        reader.endObject();
        return members;
    }

    private static List<Object> array(JsonReader reader, int depth) throws IOException {
        List<Object> elements = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            elements.add(value(reader, depth + 1));
        }
        reader.endArray();
        return elements;
    }

    static BigDecimal number(String text) throws IOException {
        if (text.length() > MAX_NUMBER_LENGTH) {
            throw new UnusableException("a number of over " + MAX_NUMBER_LENGTH + " characters");
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IOException("no number", e);
        }
        if (Math.abs((long) number.scale()) > MAX_EXPONENT) {
            throw new UnusableException("a number with an exponent of over " + MAX_EXPONENT);
        }
        return number.stripTrailingZeros();
    }
}
