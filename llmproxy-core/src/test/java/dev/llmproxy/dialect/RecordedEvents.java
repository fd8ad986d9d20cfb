package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okio.Buffer;
import okio.ByteString;

/** Takes a recorded body apart into its JSON trees in the simplest way, for a reading to compare with. */
final class RecordedEvents {
    private RecordedEvents() {}

    static List<Map<?, ?>> in(String framing, ByteString body) throws IOException {
        List<Map<?, ?>> events = new ArrayList<>();
        switch (framing) {
            case "sse" -> {
                for (String line : body.utf8().split("\r?\n", -1)) {
                    if (line.startsWith("data:") && line.contains("{")) {
                        events.add(tree(line.substring("data:".length())));
                    }
                }
            }
            case "ndjson" -> {
                for (String line : body.utf8().split("\n", -1)) {
                    if (!line.isBlank()) {
                        events.add(tree(line));
                    }
                }
            }
            case "eventstream" -> messages(new Buffer().write(body), events);
            default -> {
                Object json = JsonReader.of(new Buffer().writeUtf8(body.utf8().strip()))
                        .readJsonValue();
                for (Object each : json instanceof List<?> list ? list : List.of(Objects.requireNonNull(json))) {
                    events.add((Map<?, ?>) each);
                }
            }
        }
        return events;
    }

    // Each event gets its type as a member, as it stands in the headers of its message.
    private static void messages(Buffer body, List<Map<?, ?>> events) throws IOException {
        while (!body.exhausted()) {
            long total = body.readInt();
            long headers = body.readInt();
            body.skip(4);
            String type = eventType(body.readByteString(headers));
            String payload = body.readUtf8(total - headers - 16);
            body.skip(4);
            Map<?, ?> event = tree(payload);
            if (event.get("bytes") instanceof String bytes) {
                event = tree(
                        Objects.requireNonNull(ByteString.decodeBase64(bytes)).utf8());
                events.add(event);
            } else {
                events.add(Map.of(type, event));
            }
        }
    }

    private static String eventType(ByteString headers) throws IOException {
        Buffer left = new Buffer().write(headers);
        String type = "";
        while (!left.exhausted()) {
            String name = left.readUtf8(left.readByte());
            left.skip(1);
            String value = left.readUtf8(left.readShort());
            type = name.equals(":event-type") ? value : type;
        }
        return type;
    }

    private static Map<?, ?> tree(String text) throws IOException {
        return (Map<?, ?>) Objects.requireNonNull(
                JsonReader.of(new Buffer().writeUtf8(text.strip())).readJsonValue());
    }
}
