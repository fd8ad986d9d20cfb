package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import java.io.IOException;

/** The steps of a walk through JSON of uncertain shape: a value that is not what is expected is skipped. */
final class JsonWalk {
    private JsonWalk() {}

    static boolean enterObject(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_OBJECT) {
            reader.beginObject();
            return true;
        }
        reader.skipValue();
        return false;
    }

    static boolean enterArray(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            reader.beginArray();
            return true;
        }
        reader.skipValue();
        return false;
    }

    /** Returns a string, or an empty one. */
    static String string(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.STRING) {
            return reader.nextString();
        }
        reader.skipValue();
        return "";
    }

    /** Returns a string, or a number as it is written, or an empty one. */
    static String text(JsonReader reader) throws IOException {
        return reader.peek() == JsonReader.Token.NUMBER ? reader.nextString() : string(reader);
    }
}
