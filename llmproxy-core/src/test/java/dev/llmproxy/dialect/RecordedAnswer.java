package dev.llmproxy.dialect;

import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import okio.ByteString;

/** A recorded answer of a provider whose format has grammars, healthy as far as its origin tells. */
record RecordedAnswer(String name, String framing, Set<String> stopReasons, String path, ByteString body) {
    private static final Set<String> FOLDERS = Set.of("anthropic", "gemini", "ollama", "cohere", "bedrock");

    static List<RecordedAnswer> all() throws IOException {
        Path folder = RecordedExchange.folder();
        List<RecordedAnswer> answers = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("index.jsonl"))) {
            Map<?, ?> entry = RecordedExchange.json(line);
            String name = String.valueOf(entry.get("name"));
            boolean healthy = Objects.equals(entry.get("status"), 200.0) && Objects.equals(entry.get("note"), "");
            if (healthy && FOLDERS.contains(folderOf(name)) && !name.contains("embed")) {
                answers.add(read(folder, name, entry));
            }
        }
        answers.removeIf(answer -> answer.path.contains("mbed"));
        return answers;
    }

    private static RecordedAnswer read(Path folder, String name, Map<?, ?> entry) throws IOException {
        Map<?, ?> request = RecordedExchange.json(Files.readString(folder.resolve(name + ".request.json")));
        List<String> reasons = ((List<?>) Objects.requireNonNull(entry.get("stop_reasons")))
                .stream().map(String::valueOf).toList();
        return new RecordedAnswer(
                name,
                String.valueOf(entry.get("framing")),
                Set.copyOf(reasons),
                String.valueOf(request.get("uri")),
                ByteString.of(Files.readAllBytes(folder.resolve(name + ".body"))));
    }

    private static String folderOf(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    Judged judged() {
        return judged(body.toByteArray());
    }

    Judged judged(byte[]... pieces) {
        return switch (framing) {
            case "sse" -> Judged.sse(streamKind(), pieces);
            case "ndjson" -> Judged.lines(streamKind(), pieces);
            case "eventstream" -> Judged.binary(streamKind(), pieces);
            default -> isArray() ? Judged.array(GeminiAnswer::new, pieces) : Judged.document(plainKind(), pieces);
        };
    }

    boolean isStream() {
        return isArray() || !framing.equals("json");
    }

    private boolean isArray() {
        return framing.equals("json") && path.contains(":streamGenerateContent");
    }

    private Judged.Kind streamKind() {
        return switch (folderOf(name)) {
            case "anthropic" -> AnthropicStream::new;
            case "gemini" -> GeminiAnswer::new;
            case "ollama" -> OllamaAnswer::new;
            case "cohere" -> path.contains("/v1/") ? CohereV1Stream::new : CohereStream::new;
            default -> path.contains("/converse") ? ConverseStream::new : BedrockInvokeStream::new;
        };
    }

    private Judged.Kind plainKind() {
        return switch (folderOf(name)) {
            case "anthropic" -> AnthropicAnswer::new;
            case "gemini" -> GeminiAnswer::new;
            case "ollama" -> OllamaAnswer::new;
            case "cohere" -> CohereAnswer::new;
            default -> path.contains("/converse") ? ConverseAnswer::new : InvokeAnswer::plain;
        };
    }

    /** Returns where the answer is complete: blanks may be missing, and what Cohere sends behind its message. */
    int endOfContent() {
        int end = body.lastIndexOf(ByteString.encodeUtf8("data: [DONE]"));
        end = end < 0 ? body.size() : end;
        while (body.getByte(end - 1) == '\n' || body.getByte(end - 1) == '\r' || body.getByte(end - 1) == ' ') {
            end--;
        }
        return end;
    }
}
