package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/**
 * Faults as they are met, explained to whoever knows nothing but the explanation: it has to name the cause, cite what shows
 * it, and begin with the right thing to do. The texts stand in planted-faults.txt, to be reviewed whenever they change.
 */
class PlantedFaultsTest extends OkHttpTest {
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
    private static final Duration WHILE = Duration.ofMillis(300);

    private void planted(String title, FaultCause cause, String shownBy, String firstAction) throws IOException {
        assertThat(events.faults()).isNotEmpty();
        Fault fault = events.faults().get(events.faults().size() - 1);
        String text = fault.explain();
        assertThat(text).startsWith(cause.code() + "  " + cause.title());
        assertThat(text.lines().filter(line -> line.startsWith("  evidence ") || line.startsWith("           ")))
                .anyMatch(line -> line.contains(shownBy));
        assertThat(text).contains("\n  do       1) " + firstAction);
        PlantedTexts.assertReviewed(title, fault);
    }

    private static void ask(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
        } catch (IOException e) {
            // The listener has heard of it.
        }
    }

    private void ask(LlmProxy.Builder proxy) {
        ask(wrapped(proxy), Calls.chat(chatUrl()));
    }

    // What is explained is not to depend on what else this machine has to do.
    private static LlmProxy.Builder calm() {
        return DiagnosedBy.set(LlmProxy.builder(), ticker -> ofACalmProcess());
    }

    private LlmProxy.Builder signed() {
        return calm().credentials(Credentials.bearer(provider.url(), ApiKey.of("sk-test-0123456789abcd")));
    }

    @Test
    void aSlipInTheHost() throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> {
                    throw new UnknownHostException(name);
                })
                .build();
        ask(wrapped(client, calm()), Calls.chat("https://api.opnai.example/v1/chat/completions"));
        planted(
                "a slip in the host",
                FaultCause.HOST_UNKNOWN,
                "exception = java.net.UnknownHostException",
                "check the host of the base URL for a slip\n");
    }

    @Test
    void aNetworkThatInspectsTls() throws IOException {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.selfSigned())) {
            ask(wrapped(calm()), Calls.chat(secure.url("/v1/chat/completions")));
        }
        planted(
                "a network that inspects TLS",
                FaultCause.CERTIFICATE_UNTRUSTED,
                "phase = TLS",
                "if the network inspects TLS, import its authority into the trust store of the JVM");
    }

    @Test
    void aFirstByteThatMayTakeTooLittle() throws IOException {
        provider.enqueue(
                Reply.json(200, Calls.ANSWER).afterRequest().pause(WHILE),
                Reply.json(200, Calls.ANSWER).afterRequest().stall());
        RuleDiagnosis one = ofACalmProcess();
        OkHttpClient client = new OkHttpClient();
        // What is usual is learned without a limit: the first call of a JVM may take long.
        ask(wrapped(client, DiagnosedBy.set(LlmProxy.builder(), ticker -> one)), Calls.chat(chatUrl()));
        LlmProxy.Builder limited =
                LlmProxy.builder().timeouts(Timeouts.standard().firstByte(HALF_A_SECOND));
        ask(wrapped(client, DiagnosedBy.set(limited, ticker -> one)), Calls.chat(chatUrl()));
        planted(
                "a first byte that may take too little",
                FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT,
                "ended by = limit firstByte = 500 ms",
                "allow the first byte more time [Timeouts.firstByte(PT");
    }

    @Test
    void thePageOfAGatewayThatGaveUp() throws IOException {
        provider.enqueue(Reply.status(524)
                .header("Content-Type", "text/html")
                .header("cf-ray", "8a0000000000000c-FRA")
                .body("<!DOCTYPE html><html><head><title>524: A timeout occurred</title></head>"
                        + "<body><div id=\"cf-error-details\"></div></body></html>"));
        ask(signed());
        planted(
                "the page of a gateway that gave up",
                FaultCause.GATEWAY_TIMEOUT,
                "page by = cloudflare",
                "stream the answer: then bytes flow before such a limit is reached\n");
    }

    @Test
    void aStreamThatStops() throws IOException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).stall());
        ask(calm().timeouts(Timeouts.standard().betweenBytes(HALF_A_SECOND)));
        planted(
                "a stream that stops",
                FaultCause.STREAM_STALLED,
                "ended by = timer betweenBytes = 500 ms",
                "send the call again; what had arrived is not the whole answer\n");
    }

    @Test
    void aBodyThatIsCut() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).atByte(20).cut());
        ask(calm());
        planted(
                "a body that is cut",
                FaultCause.TRUNCATED_BODY,
                "declared length = ",
                "send the call again if paying twice is acceptable\n");
    }

    @Test
    void aWebPageInPlaceOfAnAnswer() throws IOException {
        provider.enqueue(Reply.status(200)
                .header("Content-Type", "text/html")
                .body("<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>"));
        ask(calm());
        planted(
                "a web page in place of an answer",
                FaultCause.HTML_PAGE,
                "rule = transport.html",
                "compare the base URL with the provider's documentation: another service may answer there\n");
    }

    @Test
    void aKeyThatIsWrong() throws IOException {
        provider.enqueue(Reply.json(
                401, "{\"error\":{\"message\":\"Incorrect API key provided.\",\"code\":\"invalid_api_key\"}}"));
        ask(signed());
        planted(
                "a key that is wrong",
                FaultCause.KEY_INVALID,
                "error code = invalid_api_key",
                "compare the key with the one that the provider's console shows: its beginning and its end\n");
    }

    @Test
    void aKeyOfAnotherProvider() throws IOException {
        Request request = Calls.chat("http://api.openai.com/v1/chat/completions")
                .newBuilder()
                .header("Authorization", "Bearer sk-ant-not-a-key")
                .build();
        ask(wrapped(calm()), request);
        planted(
                "a key of another provider",
                FaultCause.KEY_OF_OTHER_PROVIDER,
                "the key came from = the application's request",
                "set the key of the provider that is called, or the base URL of the key's owner\n");
    }

    @Test
    void creditThatIsUsedUp() throws IOException {
        provider.enqueue(Reply.json(
                429,
                "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing"
                        + " details.\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}"));
        ask(signed());
        planted(
                "credit that is used up",
                FaultCause.QUOTA_EXHAUSTED,
                "error code = insufficient_quota",
                "add credit or raise the spending limit in the provider's console\n");
    }

    @Test
    void aRateThatIsUsedUp() throws IOException {
        provider.enqueue(Reply.json(
                        429,
                        "{\"error\":{\"message\":\"Rate limit reached for gpt-4o on requests per min (RPM): Limit 500, Used"
                                + " 500, Requested 1.\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}")
                .header("Retry-After", "2")
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", "0"));
        ask(signed());
        planted(
                "a rate that is used up",
                FaultCause.RATE_LIMIT_REQUESTS,
                "limit of requests = 0 left of 500",
                "send the call again after 2.0 s\n");
    }

    @Test
    void aPromptThatIsTooLong() throws IOException {
        provider.enqueue(Reply.json(
                400,
                "{\"error\":{\"message\":\"This model's maximum context length is 128000 tokens. However, you requested"
                        + " 130050 tokens.\",\"type\":\"invalid_request_error\",\"param\":\"messages\","
                        + "\"code\":\"context_length_exceeded\"}}"));
        ask(signed());
        planted(
                "a prompt that is too long",
                FaultCause.CONTEXT_LENGTH,
                "tokens that fit = 128,000",
                "cut the prompt or max_tokens by at least 2,050 tokens\n");
    }

    @Test
    void aPooledConnectionThatIsDead() throws IOException {
        provider.enqueue(Reply.json(200, Calls.ANSWER).onNextRequest().reset(), Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(calm());
        ask(client, Calls.chat(chatUrl()));
        ask(client, Calls.chat(chatUrl()));
        planted(
                "a pooled connection that is dead",
                FaultCause.STALE_POOLED,
                "from the pool",
                "keep idle connections for a shorter time than the server does");
    }
}
