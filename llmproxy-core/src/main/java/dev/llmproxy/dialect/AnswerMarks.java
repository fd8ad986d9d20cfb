package dev.llmproxy.dialect;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmHeaders;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import okio.Buffer;
import okio.ByteString;

/**
 * What an answer tells of its format: its headers, and of one JSON object after the other the names of its fields, also
 * of those one level down ({@code choices.delta}, of a list those of its first object).
 */
final class AnswerMarks {
    private static final int MAX_FIELDS = 128;

    private final LlmHeaders headers;
    private final Framing framing;
    private final Buffer beginning;
    private final FirstEvents events;
    private final Map<String, String> fields = new HashMap<>();
    private String event = "";
    private boolean looked;

    AnswerMarks(LlmHeaders headers, ByteString body) {
        this.headers = headers;
        this.framing = Framing.of(body);
        this.beginning = Framing.beginning(body);
        this.events = new FirstEvents(framing == Framing.EVENTS ? beginning.readUtf8() : "");
    }

    /** Goes on to the next event of a stream; anything else has marks once. */
    boolean next() {
        fields.clear();
        try {
            return framing == Framing.EVENTS ? nextEvent() : lookOnce();
        } catch (IOException | JsonDataException e) {
            return true; // cut or broken: what was read before it counts
        }
    }

    private boolean nextEvent() throws IOException {
        if (!events.next()) {
            return false;
        }
        event = events.name();
        readObject(JsonReader.of(new Buffer().writeUtf8(events.data())));
        return true;
    }

    private boolean lookOnce() throws IOException {
        if (looked) {
            return false;
        }
        looked = true;
        if (framing == Framing.JSON) {
            readObject(JsonReader.of(beginning));
        }
        return true;
    }

    private void readObject(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            reader.beginArray();
        }
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            switch (reader.peek()) {
                case STRING -> put(name, reader.nextString());
                case BEGIN_OBJECT -> readFields(name, reader);
                case BEGIN_ARRAY -> readFirst(name, reader);
                case NULL -> reader.skipValue();
                default -> putAndSkip(name, reader);
            }
        }
    }

    private void readFirst(String name, JsonReader reader) throws IOException {
        put(name, "");
        reader.beginArray();
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            readFields(name, reader);
        }
        while (reader.hasNext()) {
            reader.skipValue();
        }
        reader.endArray();
    }

    private void readFields(String name, JsonReader reader) throws IOException {
        put(name, "");
        reader.beginObject();
        while (reader.hasNext()) {
            putAndSkip(name + '.' + reader.nextName(), reader);
        }
        reader.endObject();
    }

    private void putAndSkip(String name, JsonReader reader) throws IOException {
        put(name, "");
        reader.skipValue();
    }

    private void put(String name, String value) {
        if (fields.size() < MAX_FIELDS) {
            fields.put(name, value);
        }
    }

    /** Says whether the object has the field, and not null. */
    boolean has(String field) {
        return fields.containsKey(field);
    }

    /** Returns a string of the object, or an empty one. */
    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** Returns the name of the event, or an empty one. */
    String event() {
        return event;
    }

    boolean hasHeader(String name) {
        return headers.contains(name);
    }

    boolean hasHeaderPrefix(String prefix) {
        return headers.containsPrefix(prefix);
    }

    String contentType() {
        return headers.get("content-type").orElse("");
    }
}
