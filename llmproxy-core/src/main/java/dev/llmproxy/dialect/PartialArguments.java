package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call as Gemini streams them: each piece names the place of a value, {@code $.city} or
 * {@code $.stops[0].name}, and the pieces of a string follow each other.
 */
final class PartialArguments {
    private static final int MAX_STEPS = 100;
    private static final int MAX_ELEMENTS = 1 << 16;
    private static final long EXACT = 1L << 53;

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Adds a piece, which is one object. What is none adds nothing: whether the answer is sound is not judged here. */
    void add(String json) {
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(json))) {
            read(reader);
        } catch (IOException | RuntimeException e) {
            // What was read before it stays.
        }
    }

    private void read(JsonReader reader) throws IOException {
        String path = "";
        Object value = null;
        boolean valueSeen = false;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "jsonPath" -> path = reader.nextString();
                case "stringValue", "numberValue", "boolValue" -> {
                    value = reader.readJsonValue();
                    valueSeen = true;
                }
                case "nullValue" -> {
                    reader.skipValue(); // It may be a word.
                    valueSeen = true;
                }
                default -> reader.skipValue();
            }
        }
        if (valueSeen && !path.isEmpty()) {
            put(path, value);
        }
    }

    private void put(String path, @Nullable Object value) {
        if (value instanceof String piece) {
            StringBuilder text = values.get(path) instanceof StringBuilder begun ? begun : new StringBuilder();
            values.put(path, text.append(piece));
        } else {
            values.put(path, value);
        }
    }

    /** Returns the arguments so far, as one JSON object. */
    @Override
    public String toString() {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        values.forEach((path, value) -> place(root, path, value));
        Buffer json = new Buffer();
        try (JsonWriter writer = JsonWriter.of(json)) {
            writer.setSerializeNulls(true);
            write(writer, root);
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory failed", e);
        }
        return json.readUtf8();
    }

    private static void place(Map<String, @Nullable Object> root, String path, @Nullable Object value) {
        List<Object> steps = steps(path);
        Object at = root;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            Object next = last ? value : child(at, steps.get(i), steps.get(i + 1) instanceof Integer);
            set(at, steps.get(i), next);
            at = next == null ? root : next;
        }
    }

    private static Object child(Object parent, Object step, boolean list) {
        Object known = get(parent, step);
        boolean fits = list ? known instanceof List : known instanceof Map;
        return fits && known != null ? known : list ? new ArrayList<>() : new LinkedHashMap<>();
    }

    private static @Nullable Object get(Object parent, Object step) {
        if (parent instanceof List<?> list) {
            return step instanceof Integer index && index < list.size() ? list.get(index) : null;
        }
        return parent instanceof Map<?, ?> map ? map.get(step) : null;
    }

    @SuppressWarnings("unchecked") // made here, of these types
    private static void set(Object parent, Object step, @Nullable Object value) {
        if (parent instanceof List && step instanceof Integer index) {
            List<@Nullable Object> list = (List<@Nullable Object>) parent;
            while (list.size() <= index) {
                list.add(null);
            }
            list.set(index, value);
        } else if (parent instanceof Map) {
            ((Map<String, @Nullable Object>) parent).put(step.toString(), value);
        }
    }

    // What is no such path is a name.
    private static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        int i = path.startsWith("$") ? 1 : 0;
        while (i < path.length() && steps.size() < MAX_STEPS) {
            boolean bracket = path.charAt(i) == '[';
            int from = bracket || path.charAt(i) == '.' ? i + 1 : i;
            int end = bracket ? path.indexOf(']', from) : endOfName(path, from);
            if (end < from) {
                return List.of(path);
            }
            steps.add(bracket ? index(path.substring(from, end)) : path.substring(from, end));
            i = bracket ? end + 1 : end;
        }
        return i < path.length() || steps.isEmpty() ? List.of(path) : steps;
    }

    private static int endOfName(String path, int from) {
        int end = from;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        return end == from ? -1 : end;
    }

    private static Object index(String text) {
        int length = text.length();
        if (length > 1 && (text.charAt(0) == '\'' || text.charAt(0) == '"')) {
            return text.substring(1, length - 1);
        }
        boolean digits = length > 0 && length < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : MAX_ELEMENTS;
        return number < MAX_ELEMENTS ? (Object) number : text;
    }

    private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                writer.name(String.valueOf(member.getKey()));
                write(writer, member.getValue());
            }
            writer.endObject();
        } else if (value instanceof List<?> list) {
            writer.beginArray();
            for (Object element : list) {
                write(writer, element);
            }
            writer.endArray();
        } else if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < EXACT) {
            writer.value(number.longValue());
        } else if (value instanceof Double number) {
            writer.value(number);
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else {
            writer.value(value == null ? null : value.toString());
        }
    }
}
