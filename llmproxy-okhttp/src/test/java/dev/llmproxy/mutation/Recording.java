package dev.llmproxy.mutation;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import okio.ByteString;

/**
 * A healthy answer of a provider, ready to be damaged.
 *
 * @param name what it is called
 * @param format which format it has, for the tables
 * @param request what was asked
 * @param headers its headers
 * @param body its bytes
 * @param shape how it is framed
 * @param exchange where it was read from
 * @param content what an application gets of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Recording(
        String name,
        String format,
        LlmRequest request,
        LlmHeaders headers,
        byte[] body,
        Shape shape,
        RecordedExchange exchange,
        String content) {
    /** Returns the healthy answers to calls of a known dialect. */
    static List<Recording> healthy() throws IOException {
        List<Recording> recordings = new ArrayList<>();
        for (RecordedExchange exchange : RecordedExchange.all()) {
            if (exchange.isHealthy() && exchange.isCall()) {
                LlmRequest request = exchange.request();
                Dialect dialect = Dialect.ofRequest(request).orElse(null);
                if (dialect != null) {
                    recordings.add(of(exchange, request, dialect));
                }
            }
        }
        return recordings;
    }

    private static Recording of(RecordedExchange exchange, LlmRequest request, Dialect dialect) throws IOException {
        byte[] body = exchange.answer().toByteArray();
        Shape shape = shape(body, request);
        String format = formatOf(dialect, body) + suffix(shape);
        Recording unread =
                new Recording(exchange.name(), format, request, exchange.answerHeaders(), body, shape, exchange, "");
        boolean asks = !unread.isStream() || unread.asksForStream();
        return unread.with(
                asks ? request : askingForStream(exchange, request),
                Reading.of(unread, body).content());
    }

    // Of some only the answer was recorded.
    private static LlmRequest askingForStream(RecordedExchange exchange, LlmRequest request) throws IOException {
        String said = exchange.requestBody().orElse("{}");
        String rest = said.substring(said.indexOf('{') + 1).strip();
        String asking = "{\"stream\":true" + (rest.startsWith("}") ? "" : ",") + rest;
        return request.toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(asking), "application/json"))
                .build();
    }

    // Models that know only chats answer with chats at the address of responses.
    private static String formatOf(Dialect dialect, byte[] body) {
        String id = dialect.wireFormat().id();
        boolean isChat = new String(body, StandardCharsets.ISO_8859_1).contains("\"object\":\"chat.completion");
        return id.equals("openai-responses") && isChat ? "openai-chat" : id;
    }

    private Recording with(LlmRequest asking, String read) {
        return new Recording(name, format, asking, headers, body, shape, exchange, read);
    }

    private static String suffix(Shape shape) {
        return switch (shape) {
            case PLAIN -> "";
            case ARRAY -> " stream (array)";
            default -> " stream";
        };
    }

    private static Shape shape(byte[] body, LlmRequest request) {
        String beginning = new String(body, 0, Math.min(body.length, 2_000), StandardCharsets.ISO_8859_1).strip();
        boolean isPlain = beginning.startsWith("{") || beginning.startsWith("[");
        if (beginning.startsWith("[") && request.url().path().contains(":streamGenerateContent")) {
            return Shape.ARRAY;
        }
        if (body[0] == 0) {
            return Shape.FRAMES;
        }
        boolean isLines = request.url().path().startsWith("/api/") && beginning.contains("}\n{");
        return isLines ? Shape.LINES : isPlain ? Shape.PLAIN : Shape.SSE;
    }

    boolean isStream() {
        return shape != Shape.PLAIN;
    }

    /** Says whether the beginning of a stream has its terminator in it. */
    boolean isTerminatedIn(byte[] part) {
        Reading read = Reading.of(this, part);
        return read.causes().isEmpty() && read.isOver() && read.isSure();
    }

    /** Returns how many of the first bytes are events that have ended: readers drop what a broken connection leaves open. */
    int endedIn(int bytes) {
        if (shape == Shape.ARRAY) {
            return bytes; // Only its bracket ends it.
        }
        int ended = 0;
        for (byte[] event : events()) {
            if (ended + event.length > bytes) {
                break;
            }
            ended += event.length;
        }
        return ended;
    }

    /** Returns how many bytes it takes at least to be a whole answer. */
    int wholeLength() {
        int tooShort = 0;
        int enough = body.length;
        while (enough - tooShort > 1) {
            int middle = (enough + tooShort) >>> 1;
            boolean isWhole =
                    Reading.of(this, Arrays.copyOf(body, middle)).causes().isEmpty();
            tooShort = isWhole ? tooShort : middle;
            enough = isWhole ? middle : enough;
        }
        return enough;
    }

    boolean asksForStream() {
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();
        return request.body()
                .map(asked -> dialect.readFacts(request.url(), asked).streaming())
                .orElse(false);
    }

    boolean holdsSeveralAnswers() {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String beginning = "event: response.created";
        return text.indexOf(beginning) != text.lastIndexOf(beginning);
    }

    boolean callsTools() {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.contains("tool_use\"")
                || text.contains("\"tool_calls\":[{")
                || text.contains("function_call\"")
                || text.contains("custom_tool_call")
                || text.contains("functionCall")
                || text.contains("toolUse")
                || text.contains("tool-call-start");
    }

    /** Returns where other bytes begin to differ, for whoever looks into it. */
    String difference(byte[] damaged) {
        int at = Math.max(0, Arrays.mismatch(body, damaged));
        return "from byte " + at + " on, \"" + around(body, at) + "\" became \"" + around(damaged, at) + '"';
    }

    private static String around(byte[] bytes, int at) {
        int from = Math.max(0, Math.min(at, bytes.length) - 60);
        int to = Math.min(bytes.length, at + 60);
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    List<byte[]> events() {
        return shape.split(body);
    }

    /** Returns a new reader of this format, chosen by what the answer says. */
    Reading reading() {
        List<Event> events = new ArrayList<>();
        Decoded.events(shape, body, events);
        Map<?, ?> first = events.get(0).object();
        String type = Plain.text(first, "type");
        if (request.url().path().startsWith("/api/") && (first.containsKey("done") || first.containsKey("message"))) {
            return new OllamaReading();
        }
        if (first.containsKey("candidates") || first.containsKey("promptFeedback")) {
            return new GeminiReading();
        }
        if (shape == Shape.PLAIN) {
            return new DocumentReading(required(first));
        }
        if (shape == Shape.FRAMES) {
            return first.containsKey("bytes") ? new InvokeReading() : new ConverseReading();
        }
        if (type.equals("message_start")) {
            return new AnthropicReading();
        }
        if (type.startsWith("response.")) {
            return new ResponsesReading();
        }
        return type.equals("message-start") ? new CohereReading() : new ChoicesReading();
    }

    private static String required(Map<?, ?> answer) {
        for (String name : List.of("choices", "output", "content", "data", "message", "embeddings", "embedding")) {
            if (answer.containsKey(name)) {
                return name;
            }
        }
        return ""; // A format of which little is known.
    }

    @Override
    public String toString() {
        return name;
    }
}
