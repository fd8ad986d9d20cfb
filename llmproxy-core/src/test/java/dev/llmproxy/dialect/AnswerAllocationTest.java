package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.wire.SseFrames;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerAllocationTest {
    private static final int EVENTS = 300;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void watchingAStreamCostsNoMemoryPerEvent() {
        Findings none = (rule, severity, detail) -> {
            throw new AssertionError(rule + " " + detail);
        };
        EventReader reader = new EventReader(SseFrames::new, new AnthropicStream(new AnswerFacts(), none), none);
        byte[] start = utf8("""
                data: {"type":"message_start","message":{"id":"m","model":"c"}}

                data: {"type":"content_block_start","index":0,"content_block":{"type":"text"}}

                """);
        reader.feed(start, 0, start.length);
        StringBuilder deltas = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            deltas.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":")
                    .append("{\"type\":\"text_delta\",\"text\":\"piece \\n ü ")
                    .append(i * 7919)
                    .append("\"}}\n\n");
        }
        byte[] stream = utf8(deltas.toString());
        feed(reader, stream);
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        // Several times: the compiler allocates now and then when it takes code back.
        for (int i = 0; i < 5; i++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            feed(reader, stream);
            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(least).isLessThan(EVENTS);
    }

    private static void feed(AnswerReader reader, byte[] stream) {
        for (int from = 0; from < stream.length; from += 1000) {
            reader.feed(stream, from, Math.min(stream.length, from + 1000));
        }
    }
}
