package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.ToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.Test;

class AnswerContentTest {
    private int texts;
    private int calls;

    @Test
    void whatOpenAisFormatsSayIsWhatTheirTreesSay() throws IOException {
        Random random = new Random(21);
        for (OpenAiRecording recording : OpenAiRecording.healthy()) {
            if (!recording.format().id().equals("openai-embeddings")) {
                Judged judged = recording.judged(pieces(recording.body(), random));
                compare(recording.name(), judged, recording.documents());
            }
        }
        assertThat(texts).isGreaterThan(150);
        assertThat(calls).isGreaterThan(40);
    }

    @Test
    void whatTheOtherFormatsSayIsWhatTheirTreesSay() throws IOException {
        Random random = new Random(22);
        for (RecordedAnswer answer : RecordedAnswer.all()) {
            Judged judged = answer.judged(pieces(answer.body(), random));
            compare(answer.name(), judged, RecordedEvents.in(answer.framing(), answer.body()));
        }
        assertThat(texts).isGreaterThan(70);
        assertThat(calls).isGreaterThan(30);
    }

    private void compare(String name, Judged judged, List<Map<?, ?>> events) throws IOException {
        ContentReading expected = ContentReading.of(events);
        AnswerContent content = judged.content();
        assertThat(content.text()).as(name).isEqualTo(expected.text.toString());
        assertThat(content.refusal()).as(name).isEqualTo(expected.refusal.toString());
        List<List<Object>> collected = new ArrayList<>();
        for (ToolCall call : content.toolCalls()) {
            collected.add(List.of(call.id(), call.name(), ContentReading.tree(call.arguments())));
        }
        assertThat(collected).as(name).isEqualTo(expected.calls());
        texts += content.text().isEmpty() ? 0 : 1;
        calls += collected.size();
    }

    private static byte[][] pieces(ByteString body, Random random) {
        byte[] bytes = body.toByteArray();
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(200));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }
}
