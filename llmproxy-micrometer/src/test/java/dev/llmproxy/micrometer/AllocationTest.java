package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.event.LlmEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 20_000;
    // A description of a call makes an Optional of its dialect, until the compiler sees that nobody keeps it.
    private static final long UNTIL_COMPILED = 64;

    @Test
    void aCallThatIsAnsweredMakesNoKeysAndNoTags() {
        LlmMetrics metrics = LlmMetrics.on(new SimpleMeterRegistry());
        List<LlmEvent> events = Events.ofCall("https://api.openai.com", "gpt-4o", "gpt-4o-2024-08-06");
        play(metrics, events);
        long before = allocated();
        for (int i = 0; i < CALLS; i++) {
            play(metrics, events);
        }
        assertThat((allocated() - before) / CALLS).isLessThanOrEqualTo(UNTIL_COMPILED);
    }

    // By index: an iterator would be counted.
    private static void play(LlmMetrics metrics, List<LlmEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            metrics.onEvent(events.get(i));
        }
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
