package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Nothing that hangs or lies keeps the doctor: each check has its time, and what it prints is harmless. What hangs here does so
 * until the test is over: a check that waited for it would never end.
 */
class HostileEndpointTest extends Practice {
    private static final Duration SHORT = Duration.ofMillis(900);
    private static final Duration LONG = Duration.ofSeconds(2);
    private final CountDownLatch released = new CountDownLatch(1);

    // What is timed is not to pay for loading classes.
    @BeforeAll
    static void examineOnce() {
        try (ScriptedProvider healthy = ScriptedProvider.start()) {
            healthy.always(Lists.openAi());
            OkHttpClient client = new OkHttpClient();
            Doctor.Examination found = Doctor.of(
                            client, Credentials.bearer("http://localhost:" + healthy.port() + "/v1", ApiKey.of(KEY)))
                    .checkLimit(Duration.ofMinutes(1))
                    .examine();
            assertThat(found.findings()).isNotEmpty();
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    private void waitForever() {
        boolean interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Doctor.Examination examine(OkHttpClient other, ApiKey key) {
        return examine(other, key, SHORT);
    }

    private Doctor.Examination examine(OkHttpClient other, ApiKey key, Duration limit) {
        Doctor.Examination found = Doctor.of(
                        other, Credentials.bearer("http://localhost:" + provider.port() + "/v1", key))
                .checkLimit(limit)
                .model("gpt-4o")
                .live()
                .examine();
        assertThat(found.exitCode()).as(found.toText()).isEqualTo(1);
        return found;
    }

    @Test
    void aSourceOfKeysThatHangsIsToldAndNothingIsSent() {
        Doctor.Examination found = examine(client, ApiKey.from(() -> {
            waitForever();
            return KEY;
        }));
        assertThat(find("key-shape", found).summary()).isEqualTo("no result within 900 ms");
        assertStatus(Status.SKIP, "connect", found);
        assertThat(provider.requestsStarted()).isZero();
    }

    @Test
    void anInterceptorThatHangsIsTold() {
        Interceptor hanging = chain -> {
            waitForever();
            return chain.proceed(chain.request());
        };
        OkHttpClient stuck = client.newBuilder().addInterceptor(hanging).build();
        Doctor.Examination found = examine(stuck, ApiKey.of(KEY));
        assertStatus(Status.FAIL, "dns", found);
        assertStatus(Status.SKIP, "endpoint", found);
    }

    @Test
    void aNameServiceThatHangsIsDiagnosedByTheLibrary() {
        Dns hanging = name -> {
            waitForever();
            return Dns.SYSTEM.lookup(name);
        };
        Doctor.Examination found = examine(client.newBuilder().dns(hanging).build(), ApiKey.of(KEY), LONG);
        assertThat(find("dns", found).fault())
                .hasValueSatisfying(fault -> assertThat(fault.cause().code()).isEqualTo("timeout.dns"));
    }

    @Test
    void anInterceptorThatThrowsIsToldWithoutItsMessage() {
        Interceptor broken = chain -> {
            throw new IllegalArgumentException("no luck with " + KEY);
        };
        Doctor.Examination found =
                examine(client.newBuilder().addInterceptor(broken).build(), ApiKey.of(KEY));
        assertThat(found.toText()).contains("java.lang.IllegalArgumentException");
        assertThat(find("dns", found).status()).isNotEqualTo(Status.OK);
    }

    @Test
    void aBodyWithoutAnEndIsNotReadToItsEnd() {
        byte[] piece = " ".repeat(64 << 10).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        provider.always(Reply.json(200, "{\"data\":[").closeDelimited().atEnd().send(piece, 16_000));
        Doctor.Examination found = examine(client, ApiKey.of(KEY));
        // Of each gigabyte 2 MiB are read, and of an answer what a proxy keeps at most; what the kernel's buffers
        // take in beside them is not ours to say.
        assertThat(provider.bytesSent()).isLessThan(provider.requestsStarted() * (128L << 20));
        assertStatus(Status.FAIL, "endpoint", found);
        assertStatus(Status.SKIP, "clock", found);
    }

    @Test
    void aBodyThatDripsIsGivenUp() {
        provider.always(Reply.json(200, Lists.OPENAI).atByte(1).drip(Duration.ofMillis(100)));
        Doctor.Examination found = examine(client, ApiKey.of(KEY));
        assertStatus(Status.OK, "connect", found);
        assertThat(found.healthy()).isFalse();
    }

    @Test
    void headersWithoutAnEndAreRefused() {
        byte[] line = ("x-filler: " + "y".repeat(8_000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        provider.always(Reply.raw("HTTP/1.1 200 OK\r\n").atEnd().send(line, 125_000));
        Doctor.Examination found = examine(client, ApiKey.of(KEY));
        assertThat(provider.bytesSent()).isLessThan(64L << 20);
        assertStatus(Status.FAIL, "endpoint", found);
    }

    @Test
    void whatMovesTheCursorOfATerminalIsTakenOut() {
        String evil = "gpt-4p\\u001b[2J\\u202e\\n[ok] key: all is well";
        answer(request -> request.target().equals("/v1/models")
                ? Reply.json(200, "{\"data\":[{\"id\":\"" + evil + "\"}]}")
                : Reply.json(404, "{\"error\":{\"message\":\"\\u001b]0;title\\u0007 no \\r\\n[ok] endpoint\"}}"));
        Doctor.Examination found = examine(client, ApiKey.of(KEY));
        assertThat(found.toText().replace("\n", "")).doesNotContainPattern("\\p{Cntrl}|\u202e");
        assertThat(found.toText().lines()).noneMatch(line -> line.startsWith("[ok] key: all"));
        assertThat(found.toJson()).doesNotContain("\u001b");
    }

    @Test
    void placesThatHangDoNotHideWhatIsWrong() {
        answer(request -> request.target().equals("/relay/models")
                ? Reply.json(404, "{\"error\":{\"message\":\"Invalid URL (GET /relay/models)\"}}")
                : Reply.none());
        Doctor.Examination found =
                doctor(provider.url("/relay")).checkLimit(LONG.multipliedBy(3)).examine();
        assertThat(find("endpoint", found).fault())
                .as(found.toText())
                .hasValueSatisfying(fault -> assertThat(fault.cause().code()).isEqualTo("request.wrong-endpoint"));
    }

    @Test
    void anAnswerThatDoesNotEndIsToldAsOne() {
        provider.always(Reply.json(200, Lists.OPENAI).atByte(1).drip(Duration.ofMillis(100)));
        Finding endpoint = find("endpoint", doctor().checkLimit(LONG).examine());
        assertThat(endpoint.summary()).isEqualTo("the answer (200) had not ended within 2000 ms");
        assertThat(endpoint.actions()).singleElement().asString().startsWith("look for what stands before ");
    }

    @Test
    void aProxyThatHangsEndsWithItsCheck() {
        try (ScriptedProvider proxy = ScriptedProvider.start()) {
            proxy.always(Reply.none());
            OkHttpClient behind = client.newBuilder()
                    .proxy(new Proxy(
                            Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
                    .build();
            Doctor.Examination found = Doctor.of(
                            behind, Credentials.bearer("https://llm.example.test/v1", ApiKey.of(KEY)))
                    .checkLimit(SHORT)
                    .examine();
            assertThat(found.exitCode()).as(found.toText()).isEqualTo(1);
            assertStatus(Status.SKIP, "endpoint", found);
        }
    }
}
