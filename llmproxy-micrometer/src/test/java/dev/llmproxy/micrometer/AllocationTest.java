package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CacheOffered;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.fault.FaultCause;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    @Test
    void aCallThatTheCacheAnswersMakesNone() {
        LlmMetrics metrics = LlmMetrics.on(new SimpleMeterRegistry());
        LlmEvent.CallStarted started = (LlmEvent.CallStarted)
                Events.ofCall("https://api.openai.com", "gpt-4o", "").get(0);
        Optional<FaultCause> none = Optional.empty();
        List<LlmEvent> events = List.of(
                new CacheLookedUp(started.call(), CacheLookedUp.Outcome.HIT, "", none, Duration.ofSeconds(1), 10),
                new CacheOffered(started.call(), "", 100, Duration.ofSeconds(1)),
                new LimitWaited(started.call(), "east", LimitWaited.Limit.REQUESTS, Duration.ofSeconds(1), true));
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
