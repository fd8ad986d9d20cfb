package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.DiagnosedBy;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.diagnosis.RuleDiagnosis;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import dev.llmproxy.testing.Tls;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.TlsVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults as they happen, and what the application is told of them. */
class FaultsOnSocketsTest extends OkHttpTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    // What is timed is not to pay for loading classes.
    @BeforeAll
    static void callOnce() throws IOException {
        try (ScriptedProvider first = ScriptedProvider.start();
                LlmProxy proxy = onAnyMachine().build()) {
            first.enqueue(Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]"));
            OkHttpClient client = OkHttpLlmProxy.wrap(new OkHttpClient(), proxy);
            try (Response response = client.newCall(Calls.chat(first.url("/v1/chat/completions")))
                    .execute()) {
                assertThat(response.body().string()).contains("[DONE]");
            }
            Calls.release(client);
        }
    }

    private Fault fault(OkHttpClient client, String url) {
        return fault(client, Calls.chat(url));
    }

    private Fault fault(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            var unused = response.body().string();
            throw new AssertionError("answered: " + response);
        } catch (IOException e) {
            Fault fault = faultOf(e);
            assertThat(events.faults()).last().isEqualTo(fault);
            return fault;
        }
    }

    private void assertCause(FaultCause cause, Fault fault) {
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(cause);
        assertThat(fault.confidence()).isGreaterThanOrEqualTo(0.5);
        assertThat(fault.evidence()).isNotEmpty();
        assertThat(fault.remedies()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
        assertThat(fault.explain()).doesNotContain(Calls.PROMPT);
    }

    @Test
    void nobodyListens() {
        provider.close();
        Fault fault = fault(wrapped(onAnyMachine()), chatUrl());
        assertCause(FaultCause.REFUSED, fault);
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    @Test
    void theTcpConnectIsNotAnswered() {
        String url = closing(DeadAddress.unanswering()).url();
        Fault fault = fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().connect(SHORT))), url);
        assertCause(FaultCause.CONNECT_TIMEOUT, fault);
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    @Test
    void thereIsNoRoute() {
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(OwnSockets.refusing(() -> new NoRouteToHostException("No route to host")))
                .build();
        assertCause(FaultCause.UNREACHABLE, fault(wrapped(client, onAnyMachine()), chatUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Permission denied (connect failed)", "Operation not permitted"})
    void thisMachineDoesNotLetItConnect(String says) {
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(OwnSockets.refusing(
                        () -> says.startsWith("P") ? new BindException(says) : new SocketException(says)))
                .build();
        Fault fault = fault(wrapped(client, LlmProxy.builder()), chatUrl());
        assertCause(FaultCause.UNREACHABLE, fault);
        assertThat(fault.explain()).contains("firewall rules").doesNotContain("port");
    }

    @Test
    void theNameIsUnknown() {
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> {
                    throw new UnknownHostException(name);
                })
                .build();
        assertCause(
                FaultCause.HOST_UNKNOWN,
                fault(wrapped(client, onAnyMachine()), "http://nowhere.example/v1/chat/completions"));
    }

    @Test
    void theResolverFailsForANameThatWorked() throws IOException {
        boolean[] down = {false};
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .dns(name -> {
                            if (down[0]) {
                                throw new UnknownHostException(name);
                            }
                            return List.of(InetAddress.getLoopbackAddress());
                        })
                        .build(),
                onAnyMachine());
        String url = "http://known.example:" + provider.port() + "/v1/chat/completions";
        provider.enqueue(Reply.json(200, Calls.ANSWER).header("Connection", "close"));
        client.newCall(Calls.chat(url)).execute().close();
        down[0] = true;
        client.connectionPool().evictAll();
        assertCause(FaultCause.DNS_UNAVAILABLE, fault(client, url));
    }

    @Test
    void theResolverDoesNotAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                })
                .build();
        Fault fault = fault(
                wrapped(client, onAnyMachine().timeouts(Timeouts.standard().dns(SHORT))),
                "http://slow.example/v1/chat/completions");
        never.countDown();
        assertCause(FaultCause.DNS_SLOW, fault);
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.dns(PT0.6S)");
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    @Test
    void theTlsHandshakeIsNotAnswered() {
        provider.enqueue(Reply.none().onConnect().stall());
        assertCause(
                FaultCause.TLS_HANDSHAKE_STALLED,
                fault(
                        wrapped(onAnyMachine().timeouts(Timeouts.standard().tls(SHORT))),
                        chatUrl().replace("http:", "https:")));
    }

    @Test
    void thePeerDoesNotSpeakTls() {
        provider.always(Reply.none().onConnect().send("HTTP/1.1 400 Bad Request\r\n\r\n"));
        assertCause(
                FaultCause.TLS_PROTOCOL,
                fault(wrapped(onAnyMachine()), chatUrl().replace("http:", "https:")));
    }

    @ParameterizedTest
    @CsvSource({
        "expired, CERTIFICATE_EXPIRED",
        "not-yet-valid, CERTIFICATE_NOT_YET_VALID",
        "wrong-host, CERTIFICATE_HOST_MISMATCH",
        "self-signed, CERTIFICATE_UNTRUSTED",
        "old-protocol, TLS_PROTOCOL"
    })
    void theCertificateIsNotGood(String kind, FaultCause cause) {
        Tls tls = switch (kind) {
            case "expired" -> Tls.expired();
            case "not-yet-valid" -> Tls.notYetValid();
            case "wrong-host" -> Tls.wrongHost();
            case "self-signed" -> Tls.selfSigned();
            default -> Tls.trusted().protocols("TLSv1.1");
        };
        try (ScriptedProvider secure = ScriptedProvider.startTls(tls)) {
            secure.always(Reply.json(200, Calls.ANSWER));
            assertCause(cause, fault(wrapped(trusting(), onAnyMachine()), secure.url("/v1/chat/completions")));
        }
    }

    @Test
    void theServerDemandsACertificateOfTheClient() {
        // TLS 1.2 has no alert of its own for that, and JDKs differ in which one they send.
        Tls demanding = Tls.trusted().demandingClientCertificate().protocols("TLSv1.3");
        try (ScriptedProvider secure = ScriptedProvider.startTls(demanding)) {
            assertCause(
                    FaultCause.CLIENT_CERTIFICATE,
                    fault(wrapped(trusting(), onAnyMachine()), secure.url("/v1/chat/completions")));
        }
    }

    @Test
    void aRefusedHandshakeMayMeanThatACertificateOfTheClientIsMissing() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.alert(40))) {
            Fault fault = fault(wrapped(trusting(), onAnyMachine()), secure.url("/v1/chat/completions"));
            assertCause(FaultCause.TLS_PROTOCOL, fault);
            assertThat(fault.evidence("TLS alert")).hasValue("handshake_failure");
            assertThat(fault.explain()).contains("demands a client certificate").doesNotContain("it was not judged");
        }
    }

    @Test
    void theCertificateIsNotOneOfThePins() {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            OkHttpClient pinned = trusting()
                    .newBuilder()
                    .certificatePinner(new CertificatePinner.Builder()
                            .add("127.0.0.1", "sha256/" + "A".repeat(43) + "=")
                            .add("localhost", "sha256/" + "A".repeat(43) + "=")
                            .build())
                    .build();
            Fault fault = fault(wrapped(pinned, LlmProxy.builder()), secure.url("/v1/chat/completions"));
            assertCause(FaultCause.CERTIFICATE_UNTRUSTED, fault);
            assertThat(fault.summary()).contains("pinned");
        }
    }

    @ParameterizedTest
    @CsvSource({"http, MODERN, PLAINTEXT_REFUSED", "https, OLD, TLS_PROTOCOL", "https, PRIOR, TLS_PROTOCOL"})
    void theClientItselfDoesNotAllowIt(String scheme, String allows, FaultCause cause) {
        OkHttpClient.Builder client = trusting().newBuilder();
        switch (allows) {
            case "MODERN" -> client.connectionSpecs(List.of(ConnectionSpec.MODERN_TLS));
            case "OLD" ->
                client.connectionSpecs(List.of(new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
                        .tlsVersions(TlsVersion.TLS_1_0)
                        .build()));
            default -> client.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        }
        String url = chatUrl().replace("http:", scheme + ":");
        Fault fault = fault(wrapped(client.build(), LlmProxy.builder()), url);
        assertCause(cause, fault);
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    private static OkHttpClient trusting() {
        return new OkHttpClient.Builder()
                .sslSocketFactory(Tls.clientContext().getSocketFactory(), Tls.clientTrust())
                .build();
    }

    @Test
    void aGoodCertificateIsNoFault() throws IOException {
        try (ScriptedProvider secure = ScriptedProvider.startTls(Tls.trusted())) {
            secure.enqueue(Reply.json(200, Calls.ANSWER));
            OkHttpClient client = wrapped(trusting(), onAnyMachine());
            try (Response response = client.newCall(Calls.chat(secure.url("/v1/chat/completions")))
                    .execute()) {
                assertThat(response.body().string()).isEqualTo(Calls.ANSWER);
            }
        }
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void theServerStopsReadingTheRequest() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).duringRequestBody(1_000).stall());
        Request request = new Request.Builder()
                .url(chatUrl())
                .post(Calls.json("{\"model\":\"m\",\"x\":\"" + "x".repeat(16 << 20) + "\"}"))
                .build();
        Fault fault = fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().upload(SHORT))), request);
        assertCause(FaultCause.UPLOAD_STALLED, fault);
        assertThat(fault.remedies().get(1).setting()).hasValue("Timeouts.upload(PT0.6S)");
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @Test
    void noByteOfTheAnswerComes() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().stall());
        Fault fault = fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().firstByte(SHORT))), chatUrl());
        assertCause(FaultCause.PROVIDER_HUNG, fault);
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @Test
    void theBudgetForTheFirstByteIsBelowWhatIsUsual() throws IOException {
        provider.enqueue(
                Reply.json(200, Calls.ANSWER).afterRequest().pause(Duration.ofMillis(250)),
                Reply.json(200, Calls.ANSWER).afterRequest().stall());
        RuleDiagnosis one = new RuleDiagnosis();
        OkHttpClient client = new OkHttpClient();
        // What is usual is learned without a limit.
        wrapped(client, DiagnosedBy.set(LlmProxy.builder(), ticker -> one))
                .newCall(Calls.chat(chatUrl()))
                .execute()
                .close();
        LlmProxy.Builder limited =
                LlmProxy.builder().timeouts(Timeouts.standard().firstByte(Duration.ofMillis(450)));
        Fault fault = fault(wrapped(client, DiagnosedBy.set(limited, ticker -> one)), chatUrl());
        assertCause(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT, fault);
        // The first call of a JVM may take longer than its pause.
        Duration usual = events.only(LlmEvent.AttemptSucceeded.class).firstByte();
        long millis =
                Duration.ofNanos(2 * Math.max(450_000_000, usual.toNanos())).toMillis();
        assertThat(fault.remedies().get(0).setting())
                .hasValue("Timeouts.firstByte(" + Duration.ofMillis(millis - millis % 100) + ")");
    }

    @Test
    void theBodyStops() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).atByte(20).stall());
        assertCause(
                FaultCause.BODY_STALLED,
                fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().betweenBytes(SHORT))), chatUrl()));
    }

    @Test
    void theStreamStops() {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).stall());
        Fault fault = fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().betweenBytes(SHORT))), chatUrl());
        assertCause(FaultCause.STREAM_STALLED, fault);
        assertThat(fault.evidence("ended by")).hasValue("timer betweenBytes = 300 ms");
    }

    @Test
    void aStreamMayBeSilentLongerThanItsFirstByteMayTake() throws IOException {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).pause(Duration.ofSeconds(1)));
        OkHttpClient client = wrapped(onAnyMachine()
                .timeouts(Timeouts.standard().firstByte(Duration.ofMillis(800)).betweenBytes(Duration.ofSeconds(20))));
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().string()).contains("n2");
        }
    }

    @Test
    void theServerClosesBeforeItAnswers() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().cut());
        assertCause(FaultCause.CLOSED_BEFORE_ANSWER, fault(wrapped(onAnyMachine()), chatUrl()));
    }

    @Test
    void theServerResetsBeforeItAnswers() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().reset());
        assertCause(FaultCause.RESET_BEFORE_ANSWER, fault(wrapped(onAnyMachine()), chatUrl()));
    }

    @Test
    void theServerResetsInItsAnswer() {
        provider.enqueue(Reply.json(200, Calls.ANSWER)
                .atByte(20)
                .pause(Duration.ofMillis(100))
                .atByte(20)
                .reset());
        Fault fault = fault(wrapped(onAnyMachine()), chatUrl());
        assertCause(FaultCause.RESET_MID_ANSWER, fault);
        assertThat(fault.mayHaveBilled()).isTrue();
    }

    @Test
    void theAnswerIsShorterThanDeclared() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).atByte(20).cut());
        assertCause(FaultCause.TRUNCATED_BODY, fault(wrapped(onAnyMachine()), chatUrl()));
    }

    @Test
    void theLastChunkIsMissing() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).chunked().withoutLastChunk());
        assertCause(FaultCause.TRUNCATED_CHUNKS, fault(wrapped(onAnyMachine()), chatUrl()));
    }

    /** OkHttp alone fails with an unchecked exception at the first. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK\r\nContent-Length: -5", "204 No Content\r\nContent-Length: 5"})
    void theHeadersAreNotWhatHttpAllows(String head) throws Exception {
        provider.enqueue(Reply.raw("HTTP/1.1 " + head + "\r\n\r\n{}"));
        assertCause(FaultCause.BAD_HTTP_FRAMING, fault(wrapped(LlmProxy.builder()), chatUrl()));
        provider.awaitConnectionsOpen(0, Duration.ofSeconds(10));
    }

    @Test
    void whatComesIsNotHttp() {
        provider.enqueue(Reply.raw("SSH-2.0-OpenSSH_9.2\r\n"));
        assertCause(FaultCause.BAD_HTTP_FRAMING, fault(wrapped(onAnyMachine()), chatUrl()));
    }

    @ParameterizedTest
    @CsvSource({"403, PROXY_REFUSED", "407, PROXY_AUTHENTICATION"})
    void theHttpProxyRefusesTheTunnel(int status, FaultCause cause) {
        provider.always(Reply.status(status).header("Proxy-Authenticate", "Basic realm=\"corporate\""));
        OkHttpClient client = new OkHttpClient.Builder()
                .proxy(new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port())))
                .build();
        assertCause(cause, fault(wrapped(client, onAnyMachine()), "https://api.openai.com/v1/chat/completions"));
    }

    @Test
    void theWholeAttemptTakesTooLong() {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").eventsEvery(Duration.ofMillis(400)));
        Fault fault =
                fault(wrapped(onAnyMachine().timeouts(Timeouts.standard().attempt(Duration.ofMillis(700)))), chatUrl());
        assertCause(FaultCause.LONG_ANSWER, fault);
        assertThat(fault.remedies().get(0).setting()).hasValue("Timeouts.attempt(PT1.4S)");
    }

    @Test
    void theCallsDeadlinePasses() {
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).stall());
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("X-LlmProxy-Deadline", "400ms")
                .build();
        Fault fault = fault(wrapped(onAnyMachine()), request);
        assertCause(FaultCause.CALL_DEADLINE, fault);
        assertThat(fault.summary()).contains("400 ms");
    }

    @Test
    void unrelatedHostsFailTogether() {
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .dns(name -> {
                            throw new UnknownHostException(name);
                        })
                        .build(),
                onAnyMachine());
        fault(client, "https://one.example/v1/chat/completions");
        fault(client, "https://two.example/v1/chat/completions");
        assertCause(FaultCause.LOCAL_NETWORK, fault(client, "https://three.example/v1/chat/completions"));
    }
}
