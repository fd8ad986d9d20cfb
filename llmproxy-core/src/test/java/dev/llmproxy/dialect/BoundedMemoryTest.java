package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.wire.SseFrames;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A stream that is made to be expensive costs no more memory than one that is not. */
class BoundedMemoryTest {
    private static final Findings IGNORED = (rule, severity, detail) -> {};

    private static EventReader reader(Judged.Kind kind) {
        return new EventReader(SseFrames::new, kind.grammar(new AnswerFacts(), IGNORED), IGNORED);
    }

    private static void feed(EventReader reader, String json) {
        byte[] event = ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        reader.feed(event, 0, event.length);
    }

    private static long usedKilobytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
    }

    @Test
    void largePiecesOfToolCallsAreNotKept() {
        EventReader reader = reader(ChoicesStream::ofChat);
        String large = "{\"function\":{\"arguments\":\"" + " ".repeat(256 << 10) + "\"}}";
        feed(reader, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\"}}]}}]}");
        long before = usedKilobytes();
        for (int place = 0; place < 100; place++) {
            feed(reader, "{\"choices\":[{\"delta\":{\"tool_calls\":[" + "{},".repeat(place) + large + "]}}]}");
        }
        assertThat(usedKilobytes() - before).isLessThan(8_000);
        assertThat(reader.facts().events()).isEqualTo(101);
    }

    @Test
    void highNumbersOfPartsMakeNoParts() {
        EventReader reader = reader(ResponsesStream::new);
        long before = usedKilobytes();
        for (int item = 0; item < 1_000; item++) {
            feed(reader, part("response.content_part.added", item));
            feed(reader, part("response.reasoning_summary_part.added", item));
        }
        assertThat(usedKilobytes() - before).isLessThan(4_000);
        assertThat(reader.facts().events()).isEqualTo(2_000);
    }

    private static String part(String type, int item) {
        return "{\"type\":\"" + type + "\",\"output_index\":" + item + ",\"content_index\":255,\"summary_index\":255}";
    }
}
