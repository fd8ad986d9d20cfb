package dev.llmproxy.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallContextTest {
    private final FakeTicker ticker = new FakeTicker();
    private final FakeTransport transport = FakeTransport.answering(FakeTransport.ok());

    private void run(Stage stage) throws IOException {
        try (LlmProxy proxy =
                LlmProxy.builder().ticker(ticker).aroundCall(stage).build()) {
            proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
        }
    }

    @Test
    void waitingTakesTheTimeThatWasAskedFor() throws IOException {
        long before = ticker.nanos();
        run((request, chain) -> {
            chain.call().await(Duration.ofMillis(1_234));
            return chain.proceed(request);
        });
        assertThat(Duration.ofNanos(ticker.nanos() - before)).isEqualTo(Duration.ofMillis(1_234));
    }

    @Test
    void aCancelledCallDoesNotWait() {
        long before = ticker.nanos();
        assertThatThrownBy(() -> run((request, chain) -> {
                    transport.cancelByCaller();
                    chain.call().await(Duration.ofMinutes(10));
                    return chain.proceed(request);
                }))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("canceled");
        assertThat(ticker.nanos()).isEqualTo(before);
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void anInterruptedThreadDoesNotWaitAndKeepsItsFlag() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> run((request, chain) -> {
                        chain.call().await(Duration.ofMinutes(10));
                        return chain.proceed(request);
                    }))
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void endActionsRunOnceWhenTheBodyHasEnded() throws IOException {
        List<String> trace = new ArrayList<>();
        run((request, chain) -> {
            chain.call().onEnd(() -> trace.add("ended"));
            try {
                return chain.proceed(request);
            } finally {
                trace.add("returned");
            }
        });
        assertThat(trace).containsExactly("returned", "ended");
    }

    @Test
    void idsAreUniqueAndShort() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            transport.script(FakeTransport.ok());
            run((request, chain) -> {
                ids.add(chain.call().id());
                return chain.proceed(request);
            });
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-z]{4}-[0-9a-z]+"));
    }
}
