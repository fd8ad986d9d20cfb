package dev.llmproxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureDeploymentTest extends RoutedCalls {
    private static final Deployment AZURE = Deployment.azure("https://own.openai.azure.com/", "2024-10-21")
            .named("azure")
            .apiKey(ApiKey.of("key-of-azure"))
            .model("gpt-4o", "prod-4o");

    private LlmRequest sent(Deployment deployment, LlmRequest request) throws IOException {
        return sentBy(routed(deployment), request, FakeTransport.ok()).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "v1/chat/completions, deployments/prod-4o/chat/completions?api-version=2024-10-21",
        "chat/completions, deployments/prod-4o/chat/completions?api-version=2024-10-21",
        "v1/completions, deployments/prod-4o/completions?api-version=2024-10-21",
        "v1/embeddings, deployments/prod-4o/embeddings?api-version=2024-10-21",
        "v1/chat/completions?a=%20b, deployments/prod-4o/chat/completions?a=%20b&api-version=2024-10-21",
        "openai/deployments/gpt-4o/chat/completions?api-version=2023-05-15&b=1,"
                + " deployments/prod-4o/chat/completions?b=1&api-version=2024-10-21",
    })
    void aCallOfOpenAisFormGoesToTheDeploymentInThePath(String path, String expected) throws IOException {
        LlmRequest request = post(path, "{\"model\":\"gpt-4o\",\"messages\":[]}");
        LlmRequest sent = sent(AZURE, request);
        assertThat(sent.url().href()).isEqualTo("https://own.openai.azure.com/openai/" + expected);
        assertThat(sent.body()).isEqualTo(request.body());
        assertThat(sent.headers().get("api-key")).hasValue("key-of-azure");
        assertThat(events.only(LlmEvent.ModelReplaced.class).model()).isEqualTo("prod-4o");
    }

    @Test
    void responsesNameTheDeploymentInTheBody() throws IOException {
        LlmRequest sent = sent(AZURE, post("v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"hi\"}"));
        assertThat(sent.url().href()).isEqualTo("https://own.openai.azure.com/openai/responses?api-version=2024-10-21");
        assertThat(sent.body().orElseThrow().bytes().utf8()).isEqualTo("{\"model\":\"prod-4o\",\"input\":\"hi\"}");
    }

    @Test
    void aModelWithoutAnotherNameIsTheDeployment() throws IOException {
        LlmRequest sent = sent(AZURE, post("v1/chat/completions", "{\"model\":\"o3-mini\"}"));
        assertThat(sent.url().path()).isEqualTo("/openai/deployments/o3-mini/chat/completions");
        assertThat(events.events(LlmEvent.ModelReplaced.class)).isEmpty();
    }

    @Test
    void aGatewayMayStandBeforeTheResource() throws IOException {
        Deployment gateway =
                Deployment.azure("https://gateway.example/llm", "preview").apiKey(ApiKey.of("key-of-gate"));
        LlmRequest sent = sent(
                gateway,
                post("chat/completions", "{\"model\":\"m\"}").toBuilder()
                        .header("Authorization", "Bearer own")
                        .build());
        assertThat(sent.url().href())
                .isEqualTo("https://gateway.example/llm/openai/deployments/m/chat/completions?api-version=preview");
        assertThat(sent.headers().get("api-key")).hasValue("key-of-gate");
        assertThat(sent.headers().get("Authorization")).isEmpty();
    }

    @Test
    void azuresOwnV1NeedsNothingOfIt() throws IOException {
        Deployment v1 = Deployment.at("https://own.openai.azure.com/openai/v1").model("gpt-4o", "prod-4o");
        LlmRequest sent = sent(v1, post("chat/completions", "{\"model\":\"gpt-4o\"}"));
        assertThat(sent.url().href()).isEqualTo("https://own.openai.azure.com/openai/v1/chat/completions");
        assertThat(sent.body().orElseThrow().bytes().utf8()).isEqualTo("{\"model\":\"prod-4o\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../b", "a b", "a%2Fb", "x?y", "\\u0000", "\\ud83d"})
    void aModelThatIsNoSegmentOfAPathIsNotSent(String model) {
        LlmRequest request = post("v1/chat/completions", "{\"model\":\"" + model + "\"}");
        assertThatThrownBy(() -> sentBy(routed(AZURE, lenient()), request))
                .isInstanceOfSatisfying(LlmFaultException.class, e -> {
                    assertThat(e.fault().cause()).isEqualTo(FaultCause.MODEL_UNKNOWN);
                    assertThat(e.fault().summary())
                            .isEqualTo("no deployment of Azure OpenAI can be called like the model that is asked for");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"model\":7}", "{\"model\":\"\"}"})
    void aRequestWithoutAModelIsNotSent(String body) {
        assertThatThrownBy(() -> sentBy(routed(AZURE), post("v1/chat/completions", body)))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.INVALID_REQUEST));
    }

    @Test
    void whatWouldHaveToBeTranslatedIsNotSent() {
        assertThatThrownBy(() -> sentBy(routed(AZURE), post("v1/messages", "{\"model\":\"claude\"}")))
                .isInstanceOfSatisfying(LlmFaultException.class, e -> {
                    assertThat(e.fault().cause()).isEqualTo(FaultCause.WRONG_ENDPOINT);
                    assertThat(e.fault().summary())
                            .isEqualTo(
                                    "POST /v1/messages is not served by a deployment of Azure OpenAI in the same form");
                });
        LlmRequest models =
                LlmRequest.builder("GET", LlmUrl.of(BASE + "/v1/models")).build();
        assertThatThrownBy(() -> sentBy(routed(AZURE), models)).isInstanceOf(LlmFaultException.class);
    }

    @Test
    void whatAzureDoesNotServeIsServedByAnother() throws IOException {
        Route route = Route.from(BASE).failover(AZURE, Deployment.at("https://other.example"));
        LlmRequest sent = sentBy(proxyOf(route), post("v1/messages", "{\"model\":\"claude\"}"), FakeTransport.ok())
                .get(0);
        assertThat(sent.url().href()).isEqualTo("https://other.example/v1/messages");
    }

    @Test
    void onFailureTheCallGoesFromOneFormToTheOther() throws IOException {
        Route route = Route.from(BASE).failover(AZURE, Deployment.at("https://other.example"));
        assertThat(sentBy(
                        retrying(route),
                        post("v1/chat/completions", "{\"model\":\"gpt-4o\"}"),
                        FakeTransport.json(503, "{}"),
                        FakeTransport.ok()))
                .extracting(sent -> sent.url().href() + " "
                        + sent.body().orElseThrow().bytes().utf8())
                .containsExactly(
                        "https://own.openai.azure.com/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21"
                                + " {\"model\":\"gpt-4o\"}",
                        "https://other.example/v1/chat/completions {\"model\":\"gpt-4o\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://own.openai.azure.com/openai",
                "https://own.openai.azure.com/openai/v1/",
                "https://own.openai.azure.com/openai/deployments/x"
            })
    void theResourceIsGivenWithoutThePathOfItsApi(String resource) {
        assertThatThrownBy(() -> Deployment.azure(resource, "2024-10-21"))
                .hasMessageEndingWith("(expected: the endpoint of the resource, without /openai; for Azure's v1 API use"
                        + " Deployment.at)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2024 10 21", "1&x=2", "a#b"})
    void aVersionHasToBeOneThatCanStandInAQuery(String version) {
        assertThatThrownBy(() -> Deployment.azure("https://own.openai.azure.com", version))
                .hasMessage("apiVersion: " + version + " (expected: like 2024-10-21)");
    }

    @Test
    void printsTheVersionAndNoKey() {
        assertThat(AZURE).hasToString("azure at https://own.openai.azure.com/ api-version 2024-10-21 {gpt-4o=prod-4o}");
    }
}
