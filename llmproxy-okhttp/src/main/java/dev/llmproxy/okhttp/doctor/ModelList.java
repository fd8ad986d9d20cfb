package dev.llmproxy.okhttp.doctor;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okio.Buffer;

/**
 * The names in a list of models, in whichever form a provider writes it. Reads a few thousand short names and no more.
 *
 * @param names the names, in their order
 * @param complete whether there are no others
 */
record ModelList(List<String> names, boolean complete) {
    private static final int MOST = 5_000;
    private static final int LONGEST_NAME = 200;

    /** Returns the list in a body; empty where there is none. */
    static Optional<ModelList> read(String body) {
        Reading reading = new Reading();
        try (JsonReader json = JsonReader.of(new Buffer().writeUtf8(withoutRunsOfBlanks(body)))) {
            reading.top(json);
        } catch (IOException | JsonDataException e) {
            // Broken off in the middle; what was read so far counts.
            reading.complete = false;
        }
        boolean isList = reading.found && (reading.complete || !reading.names.isEmpty());
        return isList ? Optional.of(reading.list()) : Optional.empty();
    }

    // The reader looks at each blank of a run from the beginning of what it holds: two megabytes take it seconds.
    private static String withoutRunsOfBlanks(String body) {
        StringBuilder dense = new StringBuilder(body.length());
        boolean isBlank = false;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            boolean wasBlank = isBlank;
            isBlank = c <= ' ';
            if (!isBlank || !wasBlank) {
                dense.append(c);
            }
        }
        return dense.toString();
    }

    boolean has(String model) {
        return names.contains(model) || names.contains(model + ":latest");
    }

    /** One pass over a body. */
    private static final class Reading {
        private final Set<String> names = new LinkedHashSet<>();
        private boolean found;
        private boolean complete = true;

        ModelList list() {
            return new ModelList(List.copyOf(names), complete);
        }

        void top(JsonReader json) throws IOException {
            if (json.peek() == JsonReader.Token.BEGIN_ARRAY) {
                items(json);
                return;
            }
            if (json.peek() != JsonReader.Token.BEGIN_OBJECT) {
                return;
            }
            json.beginObject();
            while (json.hasNext()) {
                member(json, json.nextName());
            }
            json.endObject();
        }

        private void member(JsonReader json, String name) throws IOException {
            boolean array = json.peek() == JsonReader.Token.BEGIN_ARRAY;
            if (array && (name.equals("data") || name.equals("models"))) {
                items(json);
            } else if (name.equals("has_more") && json.peek() == JsonReader.Token.BOOLEAN) {
                complete &= !json.nextBoolean();
            } else if (name.equals("nextPageToken") || name.equals("next_page_token")) {
                complete &= json.peek() != JsonReader.Token.STRING
                        || json.nextString().isEmpty();
            } else {
                json.skipValue();
            }
        }

        private void items(JsonReader json) throws IOException {
            found = true;
            json.beginArray();
            while (json.hasNext()) {
                if (json.peek() == JsonReader.Token.BEGIN_OBJECT) {
                    item(json);
                } else {
                    json.skipValue();
                }
            }
            json.endArray();
        }

        private void item(JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                boolean text = json.peek() == JsonReader.Token.STRING;
                if (text && (name.equals("id") || name.equals("name"))) {
                    add(json.nextString());
                } else if (name.equals("aliases") && json.peek() == JsonReader.Token.BEGIN_ARRAY) {
                    aliases(json);
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
        }

        private void aliases(JsonReader json) throws IOException {
            json.beginArray();
            while (json.hasNext()) {
                if (json.peek() == JsonReader.Token.STRING) {
                    add(json.nextString());
                } else {
                    json.skipValue();
                }
            }
            json.endArray();
        }

        private void add(String name) {
            if (names.size() >= MOST) {
                complete = false;
            } else if (name.length() <= LONGEST_NAME) {
                names.add(name.startsWith("models/") ? name.substring("models/".length()) : name);
            }
        }
    }
}
