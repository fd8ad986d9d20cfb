package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests an application against a provider that fails on demand; llmproxy-testing needs no llmproxy for it. */
@ExtendWith(LeakCheck.class) // fails a test that leaves a connection, a thread or a response behind
class TestYourApplication {
    private final ScriptedProvider provider = ScriptedProvider.start();
    private final OkHttpClient client =
            new OkHttpClient.Builder().readTimeout(Duration.ofMillis(300)).build();
    private final Application application = new Application(client, provider.url("/v1"));

    @AfterEach
    void close() {
        client.connectionPool().evictAll();
        provider.close();
    }

    @Test
    void theQuestionIsSent() throws InterruptedException {
        provider.enqueue(Replies.chat("Because."));
        assertThat(application.ask(false)).isEqualTo("200 \"Because.\"");
        assertThat(provider.takeRequest(Duration.ofSeconds(5)).bodyText()).contains("Why is the sky blue?");
    }

    @Test
    void anOverloadedProviderIsNotAnAnswer() {
        provider.enqueue(Reply.status(529).header("Retry-After", "1"));
        assertThat(application.ask(false)).isEqualTo("529 \"\"");
    }

    @Test
    void whatArrivedBeforeAResetIsKept() {
        provider.enqueue(Replies.chatStream("Be", "cause").afterEvent(1).reset());
        assertThat(application.ask(true)).startsWith("\"Be\", then SocketException");
    }

    @Test
    void aSilentProviderIsNotWaitedForForEver() {
        provider.enqueue(Reply.none());
        assertThat(application.ask(false)).startsWith("SocketTimeoutException");
    }
}
