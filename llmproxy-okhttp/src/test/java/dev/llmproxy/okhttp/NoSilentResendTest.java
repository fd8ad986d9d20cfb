package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OkHttp sends no POST again by itself, which would bill twice; it still tries the next address. */
class NoSilentResendTest extends OkHttpTest {
    private OkHttpClient client(boolean whole) {
        return whole ? wrapped(LlmProxy.builder()) : withInterceptor(new OkHttpClient(), LlmProxy.builder());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void notAfterAPooledConnectionWasReset(boolean whole) throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).onNextRequest().reset());
        provider.always(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = client(whole);
        read(client);
        assertThatThrownBy(() -> read(client))
                .satisfies(e ->
                        assertThat(faultOf(e).cause()).isIn(FaultCause.STALE_POOLED, FaultCause.RESET_BEFORE_ANSWER));
        assertThat(provider.requestsStarted()).isEqualTo(2);
        if (whole) {
            assertThat(events.faults().get(0).cause()).isEqualTo(FaultCause.STALE_POOLED);
        }
    }

    private void read(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            var unused = response.body().string();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void notAfter503WithRetryAfter0(boolean whole) throws IOException {
        provider.always(Reply.status(503).header("Retry-After", "0"));
        assertAnsweredOnceWith(503, client(whole));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void notAfter408(boolean whole) throws IOException {
        provider.always(Reply.status(408));
        assertAnsweredOnceWith(408, client(whole));
    }

    private void assertAnsweredOnceWith(int status, OkHttpClient client) throws IOException {
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(status);
            assertThat(response.header("X-LlmProxy-Attempts")).isEqualTo("1");
        }
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextAddressOfAHostIsStillTried(boolean whole) throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        // Nothing listens at the first: 127.0.0.2 is this machine, too, and the provider is not bound to it.
        OkHttpClient twoAddresses = new OkHttpClient.Builder()
                .dns(name -> List.of(
                        InetAddress.getByAddress(name, new byte[] {127, 0, 0, 2}),
                        InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})))
                .build();
        OkHttpClient client =
                whole ? wrapped(twoAddresses, LlmProxy.builder()) : withInterceptor(twoAddresses, LlmProxy.builder());
        String url = "http://two.example:" + provider.port() + "/v1/chat/completions";
        try (Response response = client.newCall(Calls.chat(url)).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(provider.requestsStarted()).isEqualTo(1);
    }
}
