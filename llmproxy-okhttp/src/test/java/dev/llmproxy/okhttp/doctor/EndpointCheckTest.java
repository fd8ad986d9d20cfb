package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.Reply;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class EndpointCheckTest extends Practice {
    @Test
    void aListOfModelsIsWhatIsExpected() {
        answer(Lists.openAi());
        Doctor.Examination found = doctor().examine();
        assertThat(find("endpoint", found).toString())
                .matches("\\[ok\\] endpoint: GET /v1/models answered 200 in \\d+ ms, 2 models");
        assertThat(find("key", found).toString())
                .matches("\\[ok\\] key: #[0-9a-f]{8} is accepted: without it the answer is 401");
        assertThat(found.healthy()).isTrue();
        assertThat(found.exitCode()).isZero();
    }

    @Test
    void aBaseUrlWithoutV1IsToldWithTheOneThatWorks() {
        answer(request -> request.target().equals("/v1/models") ? Lists.openAi() : Reply.status(404));
        Doctor.Examination found = doctor(provider.url()).model("gpt-4o").examine();
        Finding endpoint = find("endpoint", found);
        assertThat(endpoint.toString())
                .isEqualTo("[fail] endpoint: GET /models is not there (404): the base URL is wrong");
        assertThat(endpoint.actions())
                .containsExactly("change the base URL to " + provider.url("/v1") + ": it lacks /v1");
        assertStatus(Status.OK, "model", found);
        assertThat(found.exitCode()).isEqualTo(1);
    }

    @Test
    void anOllamaIsFoundWhereOpenAiWasExpected() {
        provider.answer(
                request -> request.target().equals("/api/tags") ? Reply.json(200, Lists.OLLAMA) : Reply.status(404));
        Doctor.Examination found = doctor(provider.url("/ollama")).examine();
        assertThat(find("endpoint", found).actions()).containsExactly("change the base URL to " + provider.url());
    }

    @Test
    void aPlaceThatIsNowhereIsDiagnosedByTheLibrary() {
        answer(Reply.json(404, "{\"error\":{\"message\":\"Invalid URL (GET /v1/models)\"}}"));
        Finding endpoint = find("endpoint", doctor().examine());
        assertThat(endpoint.fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).isEqualTo(FaultCause.WRONG_ENDPOINT));
        assertThat(endpoint.actions().get(0)).startsWith("correct the path of the base URL");
    }

    @Test
    void aWebPageIsNoList() {
        answer(Reply.status(200).header("Content-Type", "text/html").body("<html>Welcome</html>"));
        Finding endpoint = find("endpoint", doctor().examine());
        assertThat(endpoint.status()).isEqualTo(Status.FAIL);
        assertThat(endpoint.evidence()).contains("Content-Type = text/html");
    }

    @Test
    void aFailingServerIsDiagnosedByTheLibrary() {
        answer(Reply.status(503));
        Doctor.Examination found = doctor().examine();
        assertThat(find("endpoint", found).fault()).isPresent();
        assertStatus(Status.OK, "connect", found);
        assertStatus(Status.SKIP, "key", found);
    }

    @Test
    void aRefusedKeyIsTheKeysAndNotThePaths() {
        provider.always(Reply.json(
                401,
                "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + ".\","
                        + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}"));
        Doctor.Examination found = doctor().model("gpt-4o").live().examine();
        assertStatus(Status.SKIP, "endpoint", found);
        assertStatus(Status.SKIP, "model", found);
        assertStatus(Status.SKIP, "stream", found);
        assertThat(find("key", found).fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).isEqualTo(FaultCause.KEY_INVALID));
        assertThat(found.toText())
                .contains(find("key", found).fault().orElseThrow().explain());
        assertThat(provider.requests()).extracting(each -> each.method()).containsOnly("GET");
    }

    @Test
    void aListThatIsOpenToAllSaysNothingOfTheKey() {
        provider.always(Lists.openAi());
        assertThat(find("key", doctor().examine()).summary()).isEqualTo("the server on this machine asks for none");
    }

    @Test
    void aBoundClientIsExaminedAndItsProxyKeepsItsStatistics() {
        answer(Lists.openAi());
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            OkHttpClient bound = OkHttpLlmProxy.wrap(client, proxy);
            Doctor.Examination found =
                    Doctor.examine(bound, Credentials.bearer(provider.url("/v1"), ApiKey.of(KEY)), proxy, "gpt-4o");
            assertThat(found.healthy()).as(found.toText()).isTrue();
            assertThat(proxy.report().counts().all()).isZero();
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(Reply.status(307).header("Location", "https://elsewhere.example/v1/models"));
        Finding endpoint = find("endpoint", doctor().examine());
        assertThat(endpoint.fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).isEqualTo(FaultCause.REDIRECT_REFUSED));
    }

    @Test
    void tooManyRequestsAreALimitAndNotAFailureOfThePlace() {
        answer(Reply.json(
                        429,
                        "{\"error\":{\"message\":\"Rate limit reached for requests\",\"type\":\"requests\","
                                + "\"code\":\"rate_limit_exceeded\"}}")
                .header("Retry-After", "7"));
        Doctor.Examination found = doctor().examine();
        assertStatus(Status.OK, "endpoint", found);
        assertStatus(Status.FAIL, "limits", found);
        assertStatus(Status.SKIP, "key", found);
    }
}
