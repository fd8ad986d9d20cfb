package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What comes in place of an answer, or in the place of the rest of one. */
final class OtherKinds {
    private static final String PAGE = """
            <!doctype html>
            <html><head><title>502 Bad Gateway</title></head>
            <body><center><h1>502 Bad Gateway</h1></center></body></html>
            """;
    private static final String PLAIN = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"finish_reason\":\"stop\"}]}";
    private static final String WORDS = "upstream connect error or disconnect/reset before headers";

    private OtherKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind("web page", Set.of(FaultCause.HTML_PAGE), (recording, chance) -> bytes(PAGE)),
                Kind.of("web page in the middle", OtherKinds::pageInTheMiddle),
                new Kind("nothing", Set.of(FaultCause.EMPTY_BODY), (recording, chance) -> bytes("")),
                new Kind("blanks", Set.of(FaultCause.EMPTY_BODY), (recording, chance) -> bytes("\r\n \n\n")),
                new Kind(
                        "plain words",
                        Set.of(FaultCause.BAD_JSON, FaultCause.EMPTY_BODY),
                        (recording, chance) -> bytes(WORDS)),
                new Kind("plain answer", Set.of(FaultCause.WRONG_CONTENT_TYPE), OtherKinds::plainAnswer),
                otherFraming("lines in place of events", "", "\n", "\n"),
                otherFraming("array in place of events", "[", ",\n", "]"));
    }

    // Whoever asked for a stream reads no event in it.
    private static byte @Nullable [] plainAnswer(Recording recording, RandomGenerator chance) {
        boolean isAsked = recording.asksForStream() && recording.format().equals("openai-chat stream");
        return isAsked ? bytes(PLAIN) : null;
    }

    // The same events, but for a client that reads server-sent ones.
    private static Kind otherFraming(String name, String before, String between, String behind) {
        return new Kind(name, Set.of(FaultCause.WRONG_CONTENT_TYPE), (recording, chance) -> {
            List<Event> events = new ArrayList<>();
            Decoded.events(recording.shape(), recording.body(), events);
            return recording.shape() == Shape.SSE && recording.asksForStream()
                    ? bytes(events.stream()
                            .filter(event -> event.json() != null)
                            .map(Event::data)
                            .collect(Collectors.joining(between, before, behind)))
                    : null;
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] pageInTheMiddle(Recording recording, RandomGenerator chance) {
        List<byte[]> events = recording.events();
        if (recording.shape() != Shape.SSE || events.size() < 2) {
            return null;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        events.subList(0, 1 + chance.nextInt(events.size() - 1)).forEach(body::writeBytes);
        body.writeBytes(bytes(PAGE));
        return body.toByteArray();
    }
}
