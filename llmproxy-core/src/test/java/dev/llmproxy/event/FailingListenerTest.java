package dev.llmproxy.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.time.Duration;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class FailingListenerTest {
    private final FakeTicker ticker = new FakeTicker();
    private final CapturedLog log = CapturedLog.of("dev.llmproxy.event");

    @AfterEach
    void close() {
        log.close();
    }

    private static LlmListener failing() {
        return LlmListener.on(LlmEvent.CallSucceeded.class, event -> {
            throw new IllegalStateException("broken listener");
        });
    }

    private LlmProxy heardBy(LlmListener... listeners) {
        LlmProxy.Builder settings = LlmProxy.builder().ticker(ticker);
        for (LlmListener listener : listeners) {
            settings.listener(listener);
        }
        return settings.build();
    }

    private static void call(LlmProxy proxy, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (LlmResponse response = proxy.execute(
                    FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
                response.body().readAll(Okio.blackhole());
            }
        }
    }

    @Test
    void oneThatAlwaysFailsIsToldOfOnceAMinute() throws IOException {
        try (LlmProxy proxy = heardBy(failing())) {
            call(proxy, 100);
            assertThat(log.lines(Level.WARN))
                    .containsExactly("WARN event A listener failed at CallSucceeded; the call goes on.");
            assertThat(log.everything()).contains("broken listener");
            ticker.advance(Duration.ofMinutes(1));
            call(proxy, 1);
            assertThat(log.lines(Level.WARN))
                    .last()
                    .isEqualTo(
                            "WARN event A listener failed at CallSucceeded, the last of 100 times; the calls go on.");
            call(proxy, 3);
            assertThat(log.lines(Level.WARN)).hasSize(2);
        }
        assertThat(log.lines(Level.WARN)).last().isEqualTo("WARN event A listener failed 3 times more.");
    }

    @Test
    void eachIsToldOfForItself() throws IOException {
        try (LlmProxy proxy = heardBy(failing(), failing())) {
            call(proxy, 1);
            assertThat(log.lines(Level.WARN)).hasSize(2);
        }
        assertThat(log.lines(Level.WARN)).hasSize(2);
    }

    @Test
    void anAsyncOneIsToldOfNoMoreOften() throws IOException {
        try (LlmProxy proxy = heardBy(LlmListener.async(failing(), 1_000))) {
            call(proxy, 5);
        }
        assertThat(log.lines(Level.WARN))
                .containsExactly(
                        "WARN event A listener failed at CallSucceeded; the call goes on.",
                        "WARN event A listener failed 4 times more.");
    }
}
