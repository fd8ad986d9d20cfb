package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.ResponseCache;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer that was fetched with another credential than the key of the cache knows. */
class ResignedRequestTest extends OkHttpTest {
    private static final ResponseCache CACHE = ResponseCache.inMemory(1 << 20).allRequests();

    @BeforeEach
    void alwaysAnswer() {
        provider.always(Reply.json(200, Calls.ANSWER));
    }

    private String asked(OkHttpClient client) throws IOException {
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("Authorization", "Bearer application")
                .build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
            return String.valueOf(response.header("X-LlmProxy-Cache"));
        }
    }

    private OkHttpClient with(Interceptor network) {
        return wrapped(
                new OkHttpClient.Builder().addNetworkInterceptor(network).build(),
                LlmProxy.builder().cache(CACHE));
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer another",
        "x-api-key, another",
        "x-gateway-token-secret, another",
        "Cookie, session=1"
    })
    void isNotStored(String name, String value) throws IOException {
        OkHttpClient client = with(chain ->
                chain.proceed(chain.request().newBuilder().header(name, value).build()));
        assertThat(asked(client)).isEqualTo("miss");
        assertThat(asked(client)).isEqualTo("miss");
        assertThat(provider.requestsStarted()).isEqualTo(2);
        assertThat(events.events(LlmEvent.CacheOffered.class))
                .hasSize(2)
                .allMatch(offered -> offered.refusal().equals("sent with another credential"));
    }

    @ParameterizedTest
    @CsvSource({"traceparent, 00-1", "User-Agent, mine"})
    void otherHeadersChangeNothing(String name, String value) throws IOException {
        OkHttpClient client = with(chain ->
                chain.proceed(chain.request().newBuilder().header(name, value).build()));
        assertThat(asked(client)).isEqualTo("miss");
        assertThat(asked(client)).isEqualTo("hit");
    }

    @Test
    void whatIsTakenAwayCountsToo() throws IOException {
        OkHttpClient client = with(chain -> chain.proceed(
                chain.request().newBuilder().removeHeader("Authorization").build()));
        assertThat(asked(client)).isEqualTo("miss");
        assertThat(asked(client)).isEqualTo("miss");
    }
}
