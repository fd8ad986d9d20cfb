package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.wire.SseFrames;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OpenAiAllocationTest {
    private static final int EVENTS = 500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void textOfAChatCostsNoMemoryPerEvent() {
        assertCostsNothing(
                ChoicesStream::ofChat,
                "",
                "{\"id\":\"c1\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"text %d\"},\"finish_reason\":null}],\"obfuscation\":\"pad%d\"}");
    }

    @Test
    void toolCallsOfAChatCostNoMemoryPerEvent() {
        assertCostsNothing(
                ChoicesStream::ofChat,
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":[0\"}}]}}]}\n\n",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\",%d,%d\"}}]}}]}");
    }

    @Test
    void textOfAResponseCostsNoMemoryPerEvent() {
        assertCostsNothing(
                ResponsesStream::new,
                String.join(
                        "\n\n",
                        "data: {\"type\":\"response.created\"}",
                        "data: {\"type\":\"response.output_item.added\",\"output_index\":0}",
                        "data: {\"type\":\"response.content_part.added\",\"output_index\":0,\"content_index\":0}",
                        ""),
                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"ü%d\",\"obfuscation\":\"%d\"}");
    }

    private static void assertCostsNothing(Judged.Kind kind, String head, String event) {
        Findings findings = (rule, severity, detail) -> {
            throw new AssertionError(rule + ": " + detail);
        };
        EventReader reader = new EventReader(SseFrames::new, kind.grammar(new AnswerFacts(), findings), findings);
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            events.append("data: ")
                    .append(event.formatted(i + 10_000, i + 10_000_000))
                    .append("\n\n");
        }
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] stream = events.toString().getBytes(StandardCharsets.UTF_8);
        reader.feed(start, 0, start.length);
        reader.feed(stream, 0, stream.length);
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        // Several times: the compiler allocates now and then when it takes code back.
        for (int i = 0; i < 5; i++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            reader.feed(stream, 0, stream.length);
            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(least).as("bytes for %d events", EVENTS).isLessThan(EVENTS);
        assertThat(reader.facts().events()).isGreaterThan(2 * EVENTS - 1);
    }
}
