package dev.llmproxy.mutation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event as a plain reader has it.
 *
 * @param name what its frame calls it, or an empty text
 * @param data its text
 * @param json the object that the text is, or null where it is none
 * @param isAmbiguous whether an object in it names a member twice: readers differ in which one they take
 */
record Event(String name, String data, @Nullable Map<?, ?> json, boolean isAmbiguous) {
    private static final String STRAY = "(none)";

    static Event of(String name, String data) {
        Map<?, ?> json = Plain.json(data) instanceof Map<?, ?> map ? map : null;
        return new Event(name, data, json, json != null && Plain.namesTwice(data));
    }

    /** Returns a line outside of events, which is passed over by whoever reads the answer. */
    static Event stray(String line) {
        return new Event(STRAY, line, null, false);
    }

    boolean isStray() {
        return name.equals(STRAY);
    }

    /** Says whether it is the mark that ends many streams. */
    boolean isDone() {
        return data.equals("[DONE]");
    }

    /** Says whether it is a beginning of that mark. */
    boolean isDoneCut() {
        return !isDone() && "[DONE]".startsWith(data);
    }

    Map<?, ?> object() {
        return json == null ? Map.of() : json;
    }

    /** Returns its type, of the object or else of the frame. */
    String type() {
        String type = Plain.text(object(), "type");
        return type.isEmpty() ? name : type;
    }
}
