package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key goes to its own origin, and nowhere else: not by a slip, not by a trick, not along a redirect. */
class KeyBindingTest extends OkHttpTest {
    private static final String KEY = "sk-canary-0123456789abcdef0123456789";

    private final ScriptedProvider foreign = ScriptedProvider.start();

    @AfterEach
    void closeForeign() {
        foreign.close();
    }

    private Credentials credentials(String style, String base) {
        ApiKey key = ApiKey.of(KEY);
        return switch (style) {
            case "bearer" -> Credentials.bearer(base, key);
            case "query" -> Credentials.queryParameter(base, "key", key);
            case "azure" -> Credentials.azure(base, key);
            default -> Credentials.header(base, style, key);
        };
    }

    static Stream<String> styles() {
        return Stream.of("bearer", "x-api-key", "x-goog-api-key", "azure", "query", "X-Own-Key");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void itsOwnOriginGetsTheKeyInPlaceOfTheClientsOwn(String style) throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(credentials(style, provider.url())));
        Request request = Calls.chat(chatUrl() + "?api-version=1&key=placeholder")
                .newBuilder()
                .header("Authorization", "Bearer placeholder")
                .header("x-api-key", "placeholder")
                .build();
        client.newCall(request).execute().close();
        ReceivedRequest received = provider.takeRequest(Duration.ofSeconds(5));
        String all = received.target() + received.headerLines();
        assertThat(all).contains(KEY).contains("api-version=1");
        assertThat(received.headerLines()).noneMatch(line -> line.contains("placeholder"));
        assertThat(received.bodyText()).isEqualTo(Calls.CHAT);
    }

    /** Ways to make a URL look like it belongs to the origin {@code http://127.0.0.1:PORT}. */
    static Stream<String> tricks() {
        return Stream.of(
                "http://127.0.0.1.nip.example:FOREIGN/v1/chat/completions",
                "http://127.0.0.1@foreign.example:FOREIGN/v1/chat/completions",
                "http://127.0.0.1:PORT@foreign.example:FOREIGN/v1/chat/completions",
                "http://foreign.example:FOREIGN/127.0.0.1:PORT/v1/chat/completions",
                "http://foreign.example:FOREIGN/v1/chat/completions?host=127.0.0.1:PORT",
                "http://foreign.example:FOREIGN/v1/chat/completions#@127.0.0.1:PORT",
                "http://foreign.example:FOREIGN\\@127.0.0.1:PORT/v1/chat/completions",
                "http://foreign.example:FOREIGN//127.0.0.1:PORT/v1/chat/completions",
                "http://localhost:FOREIGN/v1/chat/completions",
                "http://127.0.0.1.:FOREIGN/v1/chat/completions",
                "http://127.1:FOREIGN/v1/chat/completions",
                "http://0x7f.0.0.1:FOREIGN/v1/chat/completions",
                "http://2130706433:FOREIGN/v1/chat/completions",
                "http://127.0.0.1:FOREIGN/v1/chat/completions",
                "http://[::ffff:127.0.0.1]:FOREIGN/v1/chat/completions",
                "http://１２７.0.0.1:FOREIGN/v1/chat/completions",
                "http://127。0。0。1:FOREIGN/v1/chat/completions",
                "HTTP://FOREIGN.EXAMPLE:FOREIGN/v1/chat/completions",
                "http://foreign.example.:FOREIGN/v1/chat/completions",
                "http://xn--foreign.example:FOREIGN/v1/chat/completions",
                "http://127.0.0.1%2eforeign.example:FOREIGN/v1/chat/completions",
                "http://127.0.0.1%00.foreign.example:FOREIGN/v1/chat/completions",
                "http://127.0.0.1\t.foreign.example:FOREIGN/v1/chat/completions",
                "http://user:pass@foreign.example:FOREIGN/v1/chat/completions");
    }

    @ParameterizedTest
    @MethodSource("tricks")
    void aForeignHostThatLooksAlikeDoesNotGetIt(String trick) throws IOException {
        foreign.always(Reply.json(200, Calls.ANSWER));
        HttpUrl url =
                HttpUrl.parse(trick.replace("FOREIGN", "" + foreign.port()).replace("PORT", "" + provider.port()));
        if (url == null) {
            return; // OkHttp does not take it for a URL: nothing can be sent.
        }
        OkHttpClient everywhereHere = new OkHttpClient.Builder()
                .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                .build();
        OkHttpClient client =
                wrapped(everywhereHere, LlmProxy.builder().credentials(credentials("x-api-key", provider.url())));
        try (Response response = client.newCall(Calls.chat(url.toString())).execute()) {
            assertThat(response.code()).isEqualTo(200);
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining(KEY);
        }
        assertNoKeyAt(foreign);
    }

    private static void assertNoKeyAt(ScriptedProvider somebody) {
        assertThat(somebody.requests())
                .allSatisfy(received -> assertThat(received.target() + received.headerLines() + received.bodyText())
                        .doesNotContain(KEY));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aLaterInterceptorThatChangesTheHostIsStoppedBeforeAByteOfTheHeaders(String style) {
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(credentials(style, provider.url())))
                .newBuilder()
                .addInterceptor(this::toForeign)
                .build();
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.KEY_HOST_MISMATCH))
                .hasMessageNotContaining(KEY);
        assertThat(foreign.bytesReceived()).isZero();
    }

    private Response toForeign(Interceptor.Chain chain) throws IOException {
        HttpUrl url = chain.request().url().newBuilder().port(foreign.port()).build();
        return chain.proceed(chain.request().newBuilder().url(url).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Bad key 'KEY' sent\",\"type\":\"KEY\",\"code\":\"KEY\"}}",
                "<html><title>KEY</title></html>",
                "KEY is not accepted"
            })
    void aProvidersEchoOfAKeyIsNotShownWhateverItLooksLike(String echo) throws IOException {
        List<Credentials> none = List.of();
        for (List<Credentials> ours :
                List.of(none, List.of(Credentials.bearer(provider.url(), ApiKey.of("ourcanary"))))) {
            provider.enqueue(Reply.json(401, echo.replace("KEY", ours.isEmpty() ? "owncanary" : "ourcanary")));
            LlmProxy.Builder builder = LlmProxy.builder();
            ours.forEach(builder::credentials);
            Request request = Calls.chat(chatUrl())
                    .newBuilder()
                    .header("Authorization", "Bearer owncanary")
                    .build();
            wrapped(builder).newCall(request).execute().close();
        }
        assertThat(events.faults())
                .hasSize(2)
                .allSatisfy(fault ->
                        assertThat(fault + fault.explain() + fault.evidence()).doesNotContain("canary"));
    }

    @Test
    void itIsStoppedInTheSecondPassOfAnEarlierInterceptorToo() {
        provider.enqueue(Reply.status(503));
        OkHttpClient retrying = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    chain.proceed(chain.request()).close();
                    return chain.proceed(chain.request());
                })
                .build();
        OkHttpClient client = wrapped(retrying, LlmProxy.builder().credentials(credentials("bearer", provider.url())))
                .newBuilder()
                .addInterceptor(
                        chain -> provider.requests().isEmpty() ? chain.proceed(chain.request()) : toForeign(chain))
                .build();
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.KEY_HOST_MISMATCH));
        assertThat(foreign.bytesReceived()).isZero();
    }

    @Test
    void itIsStoppedInAClientThatGotAnotherListenerLater() {
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(credentials("bearer", provider.url())))
                .newBuilder()
                .eventListener(new EventListener() {})
                .addInterceptor(this::toForeign)
                .build();
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.KEY_HOST_MISMATCH));
        assertThat(foreign.bytesReceived()).isZero();
    }

    @Test
    void aStageThatChangesTheHostAfterTheSignatureIsStoppedToo() {
        OkHttpClient client = wrapped(LlmProxy.builder()
                .credentials(credentials("bearer", provider.url()))
                .aroundAttempt((request, chain) -> chain.proceed(request.toBuilder()
                        .url(LlmUrl.of(foreign.url("/v1/chat/completions")))
                        .build())));
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.KEY_HOST_MISMATCH));
        assertThat(foreign.bytesReceived()).isZero();
    }

    @Test
    void localhostThatIsAnotherMachineDoesNotGetAKeyInPlainText() throws IOException {
        InetAddress other = otherAddressOfThisMachine();
        OkHttpClient elsewhere =
                new OkHttpClient.Builder().dns(name -> List.of(other)).build();
        try (ServerSocket server = new ServerSocket(0, 1, other)) {
            String base = "http://localhost:" + server.getLocalPort();
            OkHttpClient client = wrapped(elsewhere, LlmProxy.builder().credentials(credentials("bearer", base)));
            assertThatThrownBy(() -> client.newCall(Calls.chat(base + "/v1/chat/completions"))
                            .execute())
                    .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.PLAINTEXT_REFUSED));
        }
    }

    // Any address that is not a loopback one; without a network there is none, and the wildcard stands in for it.
    private static InetAddress otherAddressOfThisMachine() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getByAddress(new byte[4]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://api.openai.com/v1/chat/completions", "http://api.openai.com:8080/v1/chat/completions"})
    void plainHttpInPlaceOfHttpsIsRefusedBeforeAnythingIsSent(String url) {
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(Credentials.openAi(ApiKey.of(KEY))));
        assertThatThrownBy(() -> client.newCall(Calls.chat(url)).execute())
                .satisfies(e -> assertThat(faultOf(e).cause()).isEqualTo(FaultCause.PLAINTEXT_REFUSED));
        assertThat(events.kinds()).containsExactly("CallStarted", "FaultDetected", "CallFailed");
    }

    @Test
    void anOriginWithoutCredentialsPassesAsTheClientSignedIt() throws IOException, InterruptedException {
        foreign.enqueue(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(credentials("bearer", provider.url())));
        Request request = Calls.chat(foreign.url("/v1/chat/completions"))
                .newBuilder()
                .header("Authorization", "Bearer own")
                .build();
        client.newCall(request).execute().close();
        assertThat(foreign.takeRequest(Duration.ofSeconds(5)).header("Authorization"))
                .hasValue("Bearer own");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) throws IOException {
        provider.enqueue(Reply.status(status).header("Location", foreign.url("/v1/chat/completions?token=secret")));
        OkHttpClient client = wrapped(LlmProxy.builder().credentials(credentials("x-api-key", provider.url())));
        try (Response response = client.newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.code()).isEqualTo(status);
            assertThat(response.header("X-LlmProxy-Fault")).isEqualTo(FaultCause.REDIRECT_REFUSED.code());
        }
        assertThat(foreign.connectionsOpened()).isZero();
        assertThat(events.faults().get(0).explain()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void withAnInterceptorOnlyNoKeyAndNoPromptReachesASecondHost(int status) throws IOException {
        for (String style : styles().toList()) {
            provider.enqueue(Reply.status(status).header("Location", foreign.url("/v1/chat/completions")));
            foreign.always(Reply.json(200, Calls.ANSWER));
            OkHttpClient client = withInterceptor(
                    new OkHttpClient(), LlmProxy.builder().credentials(credentials(style, provider.url())));
            client.newCall(Calls.chat(chatUrl())).execute().close();
        }
        assertNoKeyAt(foreign);
        assertThat(foreign.requests())
                .allSatisfy(received -> assertThat(received.bodyText()).doesNotContain(Calls.PROMPT));
    }

    @Test
    void aKeyThatARedirectWouldTakeAlongIsWithheldAndItIsSaidWhy() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(401, "{\"error\":{\"message\":\"no key\"}}"));
        OkHttpClient client = withInterceptor(
                new OkHttpClient(), LlmProxy.builder().credentials(credentials("x-api-key", provider.url())));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(provider.takeRequest(Duration.ofSeconds(5)).header("x-api-key"))
                .isEmpty();
        assertThat(events.only(LlmEvent.CredentialWithheld.class).reason()).contains("follows redirects");
        assertThat(events.faults().get(0).cause()).isEqualTo(FaultCause.KEY_MISSING);
    }

    @Test
    void theAuthorizationHeaderIsSignedWithAnInterceptorOnlyToo() throws IOException, InterruptedException {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        OkHttpClient client = withInterceptor(
                new OkHttpClient(), LlmProxy.builder().credentials(credentials("bearer", provider.url())));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(provider.takeRequest(Duration.ofSeconds(5)).header("Authorization"))
                .hasValue("Bearer " + KEY);
    }

    @Test
    void aKeyThatChangesIsReadOncePerAttempt() throws IOException {
        provider.always(Reply.json(200, Calls.ANSWER));
        List<String> keys = new ArrayList<>(List.of("first-key-1", "second-key-2"));
        OkHttpClient client = wrapped(
                LlmProxy.builder().credentials(Credentials.bearer(provider.url(), ApiKey.from(() -> keys.remove(0)))));
        client.newCall(Calls.chat(chatUrl())).execute().close();
        client.newCall(Calls.chat(chatUrl())).execute().close();
        assertThat(provider.requests().stream()
                        .map(r -> r.header("Authorization").orElseThrow()))
                .containsExactly("Bearer first-key-1", "Bearer second-key-2");
    }
}
