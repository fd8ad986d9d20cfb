package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider receives where a deployment has other names for the models. */
class ModelsOnSocketsTest extends OkHttpTest {
    private static final String BASE = "http://llm.example";
    // Whatever else is sent than was handed to the client is refused.
    private static final Integrity STRICTEST = Integrity.strict().severity(Rule.REQUEST_DIGEST, Severity.ERROR);

    private OkHttpClient client(Deployment... others) {
        Deployment first = Deployment.at(provider.url("/api")).named("first").model("asked", "sent-instead");
        return wrapped(LlmProxy.builder()
                .integrity(STRICTEST)
                .route(Route.from(BASE).failover(first, others))
                .retry(Retry.attempts(2)));
    }

    private static Request post(String path, String body) {
        return new Request.Builder().url(BASE + path).post(Calls.json(body)).build();
    }

    // What is answered does not matter here; a refusal is one to every dialect.
    private ReceivedRequest received(OkHttpClient client, Request request) throws IOException {
        provider.enqueue(Reply.json(400, "{\"error\":{\"message\":\"no\"}}"));
        client.newCall(request).execute().close();
        return provider.requests().get(provider.requests().size() - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions",
                "/v1/responses",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/messages",
                "/api/chat",
                "/v2/chat",
                "/openai/v1/chat/completions"
            })
    void aBodyIsAsLongAsItSaysAndHasTheOtherName(String path) throws IOException {
        String body = "{\"a\" : \"\\u00e9\\ud83d\\ude00\", \"model\":\"ask\\u0065d\",\"b\":[1.50,\"asked\"]}\n";
        ReceivedRequest received = received(client(), post(path, body));
        assertThat(received.target()).isEqualTo("/api" + path);
        assertThat(received.bodyText())
                .isEqualTo("{\"a\" : \"\\u00e9\\ud83d\\ude00\", \"model\":\"sent-instead\",\"b\":[1.50,\"asked\"]}\n");
        assertThat(received.header("Content-Length"))
                .hasValue(Integer.toString(received.bodyText().length()));
        assertThat(received.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(events.events(LlmEvent.FindingDetected.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/models/asked:generateContent, /api/v1beta/models/sent-instead:generateContent",
        "/v1beta/models/asked:streamGenerateContent?alt=sse, /api/v1beta/models/sent-instead:streamGenerateContent?alt=sse",
        "/model/asked/converse, /api/model/sent-instead/converse",
        "/model/asked/invoke, /api/model/sent-instead/invoke",
        "/openai/deployments/asked/chat/completions?api-version=1,"
                + " /api/openai/deployments/sent-instead/chat/completions?api-version=1",
        "/v1/projects/p/locations/l/publishers/anthropic/models/asked:rawPredict,"
                + " /api/v1/projects/p/locations/l/publishers/anthropic/models/sent-instead:rawPredict",
    })
    void aPathHasTheOtherNameAndTheBodyIsWhatItWas(String path, String target) throws IOException {
        ReceivedRequest received = received(client(), post(path, "{\"model\":\"asked\"}"));
        assertThat(received.target()).isEqualTo(target);
        assertThat(received.bodyText()).isEqualTo("{\"model\":\"asked\"}");
    }

    @Test
    void aBodyOfManySegmentsArrivesAsItWas() throws IOException {
        String text = "canary ".repeat(300_000);
        String body = "{\"x\":\"" + text + "\",\"model\":\"asked\",\"y\":\"" + text + "\"}";
        ReceivedRequest received = received(client(), post("/v1/chat/completions", body));
        assertThat(received.bodyText().equals(body.replace("asked", "sent-instead")))
                .isTrue();
        assertThat(received.header("Content-Length"))
                .hasValue(Integer.toString(received.bodyText().length()));
    }

    @Test
    void aBodyThatCanBeWrittenOnceAndSaysNoLengthIsRewritten() throws IOException {
        RequestBody once = new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("application/json");
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("{\"model\":\"asked\"}");
            }
        };
        Request request = new Request.Builder()
                .url(BASE + "/v1/chat/completions")
                .post(once)
                .build();
        ReceivedRequest received = received(client(), request);
        assertThat(received.bodyText()).isEqualTo("{\"model\":\"sent-instead\"}");
        assertThat(received.header("Content-Length")).hasValue("24");
    }

    @Test
    void eachPlaceGetsItsOwnName() throws IOException {
        OkHttpClient client = client(Deployment.azure(provider.url("/azure"), "2024-10-21")
                .named("second")
                .apiKey(ApiKey.of("key-of-azure"))
                .model("asked", "prod"));
        provider.enqueue(Reply.json(503, "{}"), Reply.json(200, Calls.ANSWER));
        try (Response response = client.newCall(post("/v1/chat/completions", "{\"model\":\"asked\"}"))
                .execute()) {
            assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
        }
        assertThat(provider.requests())
                .extracting(request -> request.target() + " " + request.bodyText())
                .containsExactly(
                        "/api/v1/chat/completions {\"model\":\"sent-instead\"}",
                        "/azure/openai/deployments/prod/chat/completions?api-version=2024-10-21 {\"model\":\"asked\"}");
        assertThat(provider.requests().get(1).header("api-key")).hasValue("key-of-azure");
        assertThat(events.events(LlmEvent.ModelReplaced.class))
                .extracting(event -> event.attempt() + event.deployment() + event.model())
                .containsExactly("1firstsent-instead", "2secondprod");
    }

    @Test
    void aStreamOfAzureIsOneOfOpenAi() throws IOException {
        OkHttpClient client = wrapped(
                LlmProxy.builder().route(Route.from(BASE).failover(Deployment.azure(provider.url(), "2024-10-21"))));
        provider.enqueue(Reply.sse(
                "{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[]}",
                Calls.CHUNK,
                Calls.LAST_CHUNK,
                "[DONE]"));
        Request request = Calls.streamedChat(BASE + "/v1/chat/completions");
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).contains("prompt_filter_results", "n1", "n2", "[DONE]");
        }
        assertThat(provider.requests().get(0).target())
                .isEqualTo("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21");
    }

    @Test
    void aBodyThatNamesItsModelTwiceReachesNobody() {
        OkHttpClient client = client();
        assertThatThrownBy(
                        () -> client.newCall(post("/v1/chat/completions", "{\"model\":\"asked\",\"model\":\"asked\"}"))
                                .execute())
                .satisfies(thrown -> assertThat(faultOf(thrown).cause()).isEqualTo(FaultCause.MALFORMED_JSON));
        assertThat(provider.requestsStarted()).isZero();
    }
}
