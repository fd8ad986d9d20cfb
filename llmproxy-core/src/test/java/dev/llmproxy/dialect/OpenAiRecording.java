package dev.llmproxy.dialect;

import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import okio.ByteString;

/** A recorded answer in one of OpenAI's formats, healthy as far as its origin tells, and a plain reading of it. */
record OpenAiRecording(String name, Dialect format, ByteString body) {
    /** Returns those that nobody has a doubt of. */
    static List<OpenAiRecording> healthy() throws IOException {
        return those(exchange -> exchange.note().isEmpty() && !exchange.isMarkedAsError());
    }

    /** Returns those that were noted something of. */
    static List<OpenAiRecording> noted(String note) throws IOException {
        return those(exchange -> exchange.note().contains(note));
    }

    /** Returns those with an error in a success. */
    static List<OpenAiRecording> failed() throws IOException {
        return those(RecordedExchange::isMarkedAsError);
    }

    private static List<OpenAiRecording> those(Predicate<RecordedExchange> chosen) throws IOException {
        List<OpenAiRecording> recordings = new ArrayList<>();
        for (RecordedExchange exchange : RecordedExchange.all()) {
            String name = exchange.folderName();
            boolean isOurs = name.startsWith("openai-") || name.startsWith("compat-") || name.equals("azure-openai");
            if (isOurs && exchange.status() == 200 && exchange.isCall() && chosen.test(exchange)) {
                Dialect format = Dialect.ofAnswer(exchange.answerHeaders(), exchange.answer())
                        .orElseThrow()
                        .wireFormat();
                recordings.add(new OpenAiRecording(exchange.name(), format, exchange.answer()));
            }
        }
        return recordings;
    }

    // A recording may begin with blank lines.
    boolean isStream() {
        return !body.utf8().strip().startsWith("{");
    }

    Judged judged(byte[]... pieces) {
        return isStream() ? Judged.sse(streamKind(), pieces) : Judged.document(plainKind(), pieces);
    }

    Judged judged() {
        return judged(body.toByteArray());
    }

    Judged.Kind streamKind() {
        return switch (format.id()) {
            case "openai-chat" -> ChoicesStream::ofChat;
            case "openai-completions" -> ChoicesStream::ofCompletions;
            case "openai-responses" -> ResponsesStream::new;
            default -> throw new IllegalStateException(name + ": " + format);
        };
    }

    private Judged.Kind plainKind() {
        return switch (format.id()) {
            case "openai-chat" -> ChoicesAnswer::ofChat;
            case "openai-completions" -> ChoicesAnswer::ofCompletions;
            case "openai-embeddings" -> OpenAiEmbeddingsAnswer::new;
            case "openai-responses" -> ResponsesAnswer::new;
            default -> throw new IllegalStateException(name + ": " + format);
        };
    }

    /** Returns the JSON texts of the answer, up to the end of the first one in it. */
    List<Map<?, ?>> documents() throws IOException {
        if (!isStream()) {
            return List.of(RecordedExchange.json(body.utf8()));
        }
        List<Map<?, ?>> documents = new ArrayList<>();
        for (String line : body.utf8().split("\r?\n", -1)) {
            if (line.startsWith("data:") && line.contains("{")) {
                Map<?, ?> document = RecordedExchange.json(line.substring("data:".length()));
                documents.add(document);
                if ("response.completed".equals(document.get("type"))) {
                    break;
                }
            }
        }
        return documents;
    }

    /** Returns the events up to the end of the first response. */
    EventList eventsOfResponse() {
        String events =
                body.substring(0, Math.min(end() + 2, body.size())).utf8().replace("\r\n", "\n");
        return new EventList(
                (kind, bytes) -> Judged.sse(kind, bytes),
                ResponsesStream::new,
                Arrays.stream(events.split("\n\n", 0))
                        .map(event -> (event + "\n\n").getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    /** Returns where the terminator ends. */
    int end() {
        byte[] bytes = body.toByteArray();
        int end = format.id().equals("openai-responses") && isStream() ? endOfResponse() : bytes.length;
        while (Character.isWhitespace(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private int endOfResponse() {
        int start = body.indexOf(ByteString.encodeUtf8("\"type\":\"response.completed\""));
        int end = body.indexOf(ByteString.encodeUtf8("\n"), start);
        return end < 0 ? body.size() : end;
    }
}
