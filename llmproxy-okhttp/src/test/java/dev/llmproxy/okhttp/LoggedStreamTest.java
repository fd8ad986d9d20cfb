package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fake.CapturedLog;
import dev.llmproxy.logging.Logging;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However much is logged of a stream, it is handed on as it comes. */
class LoggedStreamTest extends OkHttpTest {
    private final CapturedLog log = CapturedLog.of("dev.llmproxy");

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void theFirstEventIsReadBeforeTheSecondIsSent() throws IOException {
        Gate second = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(second));
        OkHttpClient client = wrapped(LlmProxy.builder().logging(Logging.calls().bodies(1 << 20)));
        try (Response response = client.newCall(Calls.streamedChat(chatUrl())).execute()) {
            assertThat(response.body().source().readUtf8LineStrict()).isEqualTo("data: " + Calls.CHUNK);
            assertThat(log.lines()).noneMatch(line -> line.contains("< body"));
            second.open();
            assertThat(response.body().string()).contains(Calls.LAST_CHUNK);
        }
        assertThat(log.lines())
                .anyMatch(line -> line.contains("< body, whole") && line.contains("n1") && line.contains("n2"));
    }
}
