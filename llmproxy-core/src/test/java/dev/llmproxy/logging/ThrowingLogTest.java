package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log that cannot be written, such as one on a full disk, is no trouble of a call. */
class ThrowingLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.llmproxy");
    private final Level before = logger.getLevel();
    private int tried;

    // Logback itself guards append() of this class, so the door before it is the one that breaks.
    private final AppenderBase<ILoggingEvent> broken = new AppenderBase<>() {
        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            tried++;
            throw new IllegalStateException("the disk is full");
        }

        @Override
        protected void append(ILoggingEvent event) {}
    };

    @BeforeEach
    void breakTheLog() {
        logger.setLevel(Level.TRACE);
        logger.addAppender(broken);
    }

    @AfterEach
    void mendTheLog() {
        logger.detachAppender(broken);
        logger.setLevel(before);
    }

    private static LlmProxy proxy() {
        return LlmProxy.builder().logging(Logging.calls().bodies(4_096)).build();
    }

    @Test
    void aCallIsAnswered() throws IOException {
        try (LlmProxy proxy = proxy();
                LlmResponse response = proxy.execute(
                        FakeTransport.streamedChat(),
                        CallOptions.none(),
                        FakeTransport.answering(LoggedCalls.stream()))) {
            assertThat(response.body().readUtf8()).isEqualTo(LoggedCalls.STREAM);
        }
        assertThat(tried).isGreaterThan(5);
    }

    @Test
    void whatDoesNotComeIsToldAsItIs() {
        FakeTransport transport = FakeTransport.answering((request, attempt) -> {
            throw new IOException("reset");
        });
        try (LlmProxy proxy = proxy()) {
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport))
                    .isInstanceOf(IOException.class);
        }
        assertThat(tried).isGreaterThan(5);
    }

    @Test
    void aListenerThatFailsTooIsNoTroubleEither() throws IOException {
        try (LlmProxy proxy = LlmProxy.builder()
                        .listener(event -> {
                            throw new IllegalStateException("broken as well");
                        })
                        .build();
                LlmResponse response = proxy.execute(
                        FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(LoggedCalls.ok()))) {
            assertThat(response.body().readUtf8()).isEqualTo(LoggedCalls.ANSWER);
        }
        assertThat(tried).isPositive();
    }
}
