package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.wire.EventStreamMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, nothing throws, and what is told is bounded in length. */
class DamagedAnswersTest {
    private static final List<Judged.Kind> STREAMS = List.of(
            AnthropicStream::new,
            GeminiAnswer::new,
            OllamaAnswer::new,
            CohereStream::new,
            CohereV1Stream::new,
            ConverseStream::new,
            BedrockInvokeStream::new,
            InvokeAnswer::chunks,
            ChoicesStream::ofChat,
            ChoicesStream::ofCompletions,
            ResponsesStream::new);
    private static final List<Judged.Kind> DOCUMENTS = List.of(
            AnthropicAnswer::new,
            GeminiAnswer::new,
            OllamaAnswer::new,
            CohereAnswer::new,
            ConverseAnswer::new,
            InvokeAnswer::plain,
            ChoicesAnswer::ofChat,
            ChoicesAnswer::ofCompletions,
            ResponsesAnswer::new,
            OpenAiEmbeddingsAnswer::new);
    private static final String[] NAMES = {
        "type",
        "index",
        "delta",
        "message",
        "content_block",
        "text",
        "candidates",
        "content",
        "parts",
        "finishReason",
        "error",
        "usage",
        "done",
        "done_reason",
        "event_type",
        "contentBlockIndex",
        "contentBlockDelta",
        "messageStop",
        "toolUse",
        "input",
        "bytes",
        "id",
        "stop_reason",
        "partial_json",
        "start",
        "tool_calls",
        "function",
        "arguments",
        "choices",
        "finish_reason",
        "role",
        "item",
        "response",
        "output",
        "output_index",
        "content_index",
        "summary",
        "sequence_number",
        "part",
        "status",
        "data",
        "embedding",
    };
    private static final String[] WORDS = {
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "tool_use",
        "input_json_delta",
        "message-start",
        "tool-call-start",
        "message-end",
        "stream-end",
        "STOP",
        "e30=",
        "\\ud83d",
        "\\u0000",
        "error",
        "stop",
        "completed",
        "response.created",
        "response.output_item.added",
        "response.output_item.done",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.reasoning_summary_text.delta",
        "response.function_call_arguments.delta",
        "response.completed",
    };

    private final Random random = new Random(11);

    private String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 5 : 9)) {
            case 0 -> "" + (random.nextInt(4) - 1);
            case 1 -> "9223372036854775807";
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 3, 4 -> "\"" + WORDS[random.nextInt(WORDS.length)] + "\"";
            case 5 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
            default -> object(depth);
        };
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(4); i >= 0; i--) {
            object.append('"')
                    .append(NAMES[random.nextInt(NAMES.length)])
                    .append("\":")
                    .append(value(depth + 1));
            object.append(i > 0 ? "," : "}");
        }
        return object.toString();
    }

    private String events(BiFunction<String, Integer, String> framed) {
        StringBuilder events = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            events.append(framed.apply(object(0), i));
        }
        return events.toString();
    }

    private byte[] damaged(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void assertBounded(Judged judged) {
        assertThat(judged.found())
                .allSatisfy(found -> assertThat(found.detail()).hasSizeLessThan(700));
    }

    @Test
    void streamsOfAnythingAreJudged() {
        for (int round = 0; round < 3000; round++) {
            Judged.Kind kind = STREAMS.get(round % STREAMS.size());
            assertBounded(Judged.sse(kind, damaged(events((event, i) -> "data: " + event + "\n\n"))));
            assertBounded(Judged.lines(kind, damaged(events((event, i) -> event + "\n"))));
            assertBounded(Judged.array(kind, damaged("[" + events((event, i) -> event + (i > 0 ? "," : "]")))));
            assertBounded(Judged.binary(
                    kind,
                    EventStreamMessage.event("contentBlockStop")
                            .payload(object(0))
                            .bytes()));
        }
    }

    @Test
    void documentsOfAnythingAreJudged() {
        for (int round = 0; round < 3000; round++) {
            assertBounded(Judged.document(DOCUMENTS.get(round % DOCUMENTS.size()), damaged(object(0))));
        }
    }

    @Test
    void randomBytesAreJudged() {
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Judged.Kind kind = STREAMS.get(round % STREAMS.size());
            assertThat(Judged.sse(kind, bytes).isComplete()).isFalse();
            assertThat(Judged.lines(kind, bytes).isComplete()).isFalse();
            assertThat(Judged.array(kind, bytes).isComplete()).isFalse();
            assertThat(Judged.binary(kind, bytes).isComplete()).isFalse();
            assertThat(Judged.document(DOCUMENTS.get(round % DOCUMENTS.size()), bytes)
                            .isComplete())
                    .isFalse();
        }
    }
}
