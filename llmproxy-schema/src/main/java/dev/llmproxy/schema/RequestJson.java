package dev.llmproxy.schema;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;

/** Finds the few members of a request's body that hold schemas, without building anything of the rest. */
final class RequestJson {
    /** What is longer is left out: no schema is. */
    private static final long LONGEST = 1 << 20;

    private static final long LONGEST_BODY = 16 << 20;
    private static final int MOST_MEMBERS = 1_024;

    private RequestJson() {}

    /** Returns those members of the body's object that are objects, arrays or strings, by their names, as they are written. */
    static Map<String, ByteString> members(LlmRequest request, Set<String> wanted) {
        Map<String, ByteString> found = new LinkedHashMap<>();
        LlmBody body = request.body().orElse(null);
        try {
            if (body != null && body.bytes().size() <= LONGEST_BODY) {
                read(JsonReader.of(new Buffer().write(body.bytes())), wanted, found);
            }
        } catch (IOException | RuntimeException e) {
            // What stands before the unreadable place counts. Whether such a body may be sent is not decided here.
        }
        return found;
    }

    private static void read(JsonReader reader, Set<String> wanted, Map<String, ByteString> found) throws IOException {
        reader.beginObject();
        for (int i = 0; i < MOST_MEMBERS && reader.hasNext(); i++) {
            String name = reader.nextName();
            if (!wanted.contains(name)) {
                reader.skipValue();
                continue;
            }
            try (BufferedSource value = reader.nextSource()) {
                if (!value.request(LONGEST + 1)) {
                    found.put(name, value.readByteString());
                }
            }
        }
    }
}
