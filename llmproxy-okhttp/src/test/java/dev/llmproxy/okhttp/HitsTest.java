package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** What an application gets of OkHttp when the cache answers. */
class HitsTest extends OkHttpTest {
    private final OkHttpClient client =
            wrapped(LlmProxy.builder().cache(ResponseCache.inMemory(1 << 20).allRequests()));

    private Request chat(String project) {
        return Calls.chat(chatUrl())
                .newBuilder()
                .header("OpenAI-Project", project)
                .header("Authorization", "Bearer application")
                .build();
    }

    private void ask(Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
    }

    @Test
    void aHitIsAWholeResponse() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER)
                .header("OpenAI-Version", "2020-10-01")
                .header("x-request-id", "1"));
        ask(chat("first"));
        ask(chat("second"));
        // The same head for all, converted once.
        for (String project : new String[] {"first", "second", "first"}) {
            Request request = chat(project);
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.headers())
                        .isEqualTo(Headers.of(
                                "Content-Type", "application/json",
                                "OpenAI-Version", "2020-10-01",
                                "X-LlmProxy-Cache", "hit",
                                "X-LlmProxy-Attempts", "0",
                                "Content-Length", Integer.toString(Calls.ANSWER.length())));
                assertThat(response.request()).isSameAs(request);
                assertThat(response.code()).isEqualTo(200);
                assertThat(response.networkResponse()).isNull();
                assertThat(response.body().contentType()).isEqualTo(MediaType.get("application/json"));
                assertThat(response.body().contentLength()).isEqualTo(Calls.ANSWER.length());
                assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
            }
        }
        assertThat(provider.requestsStarted()).isEqualTo(2);
    }
}
