package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    private static final ByteString SECRET = ByteString.encodeUtf8("0123456789abcdef0123456789abcdef");
    private static final String URL = "https://api.openai.com/v1/chat/completions";
    private static final String BODY =
            "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Keys keys = new Keys(SECRET, false, url -> Optional.empty());

    private static LlmRequest request(String url, String body, String... headers) {
        return LlmRequest.builder("POST", LlmUrl.of(url))
                .headers(LlmHeaders.of(headers))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static KeyedRequest keyed(Keys keys, LlmRequest request, CallOptions options) {
        List<KeyedRequest> made = new ArrayList<>();
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        try (LlmProxy proxy = LlmProxy.builder()
                .aroundCall((asked, chain) -> {
                    made.add(keys.of(chain.call(), asked));
                    return LlmResponse.builder(200).body(new Buffer()).build();
                })
                .build()) {
            proxy.execute(request, options, transport).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return made.get(0);
    }

    private KeyedRequest of(LlmRequest request) {
        return keyed(keys, request, CallOptions.none().tenant("acme"));
    }

    private CacheKey key(LlmRequest request) {
        return Objects.requireNonNull(of(request).key());
    }

    private CacheKey key(String... headers) {
        return key(request(URL, BODY, headers));
    }

    @Test
    void equalRequestsHaveEqualKeys() {
        String reordered =
                " {\"messages\" : [{\"content\":\"hi\",\"role\":\"\\u0075ser\"}], \"temperature\":0.0,\"model\":\"m\"}";
        KeyedRequest first = of(request(URL, BODY));
        assertThat(first.deterministic()).isTrue();
        assertThat(of(request(URL, BODY)).key()).isEqualTo(first.key());
        assertThat(of(request(URL, reordered)).key()).isEqualTo(first.key());
        assertThat(new Keys(SECRET, true, url -> Optional.empty()).tenant("acme"))
                .isEqualTo(Objects.requireNonNull(first.key()).tenant());
    }

    @Test
    void anythingThatDecidesTheAnswerIsInTheKey() {
        Set<CacheKey> all = new HashSet<>();
        List<LlmRequest> requests = List.of(
                request(URL, BODY),
                request("https://api.openai.com:8443/v1/chat/completions", BODY),
                request("http://api.openai.com/v1/chat/completions", BODY),
                request("https://eu.api.openai.com/v1/chat/completions", BODY),
                request("https://api.openai.com/v2/chat/completions", BODY),
                request("https://api.openai.com/v1/responses", BODY),
                request(URL + "?api-version=1", BODY),
                request(URL + "?", BODY),
                request(URL, BODY.replace("hi", "ho")),
                request(URL, BODY.replace("{\"model", "{\"stream\":true,\"model")),
                request(URL, BODY, "Authorization", "Bearer a"),
                request(URL, BODY, "x-api-key", "Bearer a"),
                request(URL, BODY, "Cookie", "a"),
                request(URL, BODY, "OpenAI-Organization", "o"),
                request(URL, BODY, "OpenAI-Project", "o"),
                request(URL, BODY, "openai-beta", "o"),
                request(URL, BODY, "x-goog-user-project", "o"),
                request(URL, BODY, "anthropic-version", "o"),
                request(URL, BODY, "anthropic-beta", "a", "anthropic-beta", "b"),
                request(URL, BODY, "anthropic-beta", "b", "anthropic-beta", "a"),
                request(URL, BODY, "anthropic-beta", "a,b"),
                request(URL, BODY, "x-portkey-config", "o"),
                request(URL, BODY, "Helicone-Cache-Seed", "o"),
                request(URL, BODY, "cf-aig-step", "o"),
                request(URL, BODY, "x-bf-vk", "o"),
                request(URL, BODY, "x-litellm-tags", "o"),
                request(URL, BODY, "x-ai-eg-model", "o"),
                request(URL, BODY, "NVCF-Input-Asset-References", "o"),
                request(URL, BODY, "X-DashScope-Plugin", "o"),
                request(URL, BODY, "Accept-Encoding", "gzip"),
                request(URL, BODY, "Accept", "text/event-stream"));
        requests.forEach(request -> all.add(key(request)));
        assertThat(all).hasSameSizeAs(requests);
    }

    @Test
    void whatDecidesNothingIsNot() {
        CacheKey plain = key();
        assertThat(key("User-Agent", "OpenAI/Java", "Accept", "application/json", "X-Stainless-Lang", "java"))
                .isEqualTo(plain);
        assertThat(key("traceparent", "00-1", "Idempotency-Key", "2", "Host", "h"))
                .isEqualTo(plain);
        assertThat(key("OPENAI-beta", "x", "Anthropic-Version", "y"))
                .isEqualTo(key("anthropic-version", "y", "OpenAI-Beta", "x"));
    }

    @Test
    void googlesKeyInTheQueryIsACredential() {
        String url = "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent";
        Keys shared = new Keys(SECRET, false, at -> Optional.empty());
        KeyedRequest one = keyed(shared, request(url + "?key=a", "{}"), CallOptions.none());
        KeyedRequest other = keyed(shared, request(url + "?key=b", "{}"), CallOptions.none());
        assertThat(one.key()).isNotNull().isNotEqualTo(other.key());
        assertThat(key(request(url + "?key=a&alt=sse", "{}"))).isEqualTo(key(request(url + "?alt=sse&key=a", "{}")));
    }

    @Test
    void aSignatureOfAmazonsIsItsKey() {
        String url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse";
        String signed =
                "AWS4-HMAC-SHA256 Credential=%s/2026%s/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=%s";
        CacheKey first = key(request(url, "{}", "Authorization", String.format(signed, "AKIA1", "1127", "aa")));
        assertThat(key(request(url, "{}", "Authorization", String.format(signed, "AKIA1", "1128", "bb"))))
                .isEqualTo(first);
        assertThat(key(request(url, "{}", "Authorization", String.format(signed, "AKIA2", "1127", "aa"))))
                .isNotEqualTo(first);
    }

    // Answers on a shared store outlive the version that put them there.
    @Test
    void keysAreThoseOfEarlierVersions() {
        String[] headers = {"Authorization", "Bearer a", "Cookie", "c", "OpenAI-Project", "p", "User-Agent", "u"};
        CallOptions acme = CallOptions.none().tenant("acme");
        assertThat(hex(keyed(keys, request(URL + "?api-version=1", BODY, headers), acme)))
                .isEqualTo("854a98285c8c023ba92767c3cdef4d4442b477fa5fe9be1b01fbe19f633975972a8b2af87adeee76");
        assertThat(hex(keyed(keys, request(URL, BODY, headers), CallOptions.none())))
                .isEqualTo("826f7eae088b08494c82d076b072fcc1268a2b5d4acdd0c53948499c9dacb3fc943b3c47b1ef8b0b");
        Keys own = new Keys(SECRET, false, url -> Optional.of(ByteString.encodeUtf8("account")));
        assertThat(hex(keyed(own, request(URL, BODY), CallOptions.none())))
                .isEqualTo("74e57a2204cf35a55a15ed81f1c364ba44122346ad8dde92f251e3c558669a520e151ea0546ea2b4");
    }

    private static String hex(KeyedRequest keyed) {
        return Objects.requireNonNull(keyed.key()).bytes().hex();
    }

    @Test
    void whoAsksAgainGetsTheSameKey() {
        LlmRequest asked = request(URL, BODY, "Authorization", "Bearer a", "X-Trace", "1");
        CallOptions none = CallOptions.none();
        KeyedRequest first = keyed(keys, asked, none);
        assertThat(keyed(keys, request(URL, BODY, "Authorization", "Bearer a", "X-Trace", "2"), none))
                .isSameAs(first);
        assertThat(keyed(new Keys(SECRET, false, url -> Optional.empty()), asked, none)
                        .key())
                .isEqualTo(first.key());
    }

    // "Aa" and "BB" have the same hash code, and so the same place among those that are known.
    @Test
    void whoHasTheHashCodeOfAnotherIsNotTheOther() {
        LlmRequest plain = request(URL, BODY);
        LlmRequest.Builder signed = plain.toBuilder();
        LlmRequest one = signed.headers(LlmHeaders.of("Authorization", "Aa")).build();
        LlmRequest other = signed.headers(LlmHeaders.of("Authorization", "BB")).build();
        CallOptions none = CallOptions.none();
        assertThat(hex(keyed(keys, one, none))).isNotEqualTo(hex(keyed(keys, other, none)));
        assertThat(hex(keyed(keys, plain, none.tenant("Aa")))).isNotEqualTo(hex(keyed(keys, plain, none.tenant("BB"))));
    }

    @Test
    void manyWhoAskInTurnGetTheirOwnKeys() {
        Map<String, CacheKey> all = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            String caller = "Bearer " + i % 700;
            CacheKey key = keyed(keys, request(URL, BODY, "Authorization", caller), CallOptions.none())
                    .key();
            CacheKey former = all.put(caller, Objects.requireNonNull(key));
            assertThat(former == null ? key : former).isEqualTo(key);
        }
        assertThat(Set.copyOf(all.values())).hasSize(700);
    }

    @Test
    void whoAsksAtSeveralPlacesInTurnIsKnownAtEach() {
        String[] urls = {
            URL, URL.replace("chat/completions", "responses"), URL.replace("api", "eu"), URL + "?key=a", URL + "?key=b"
        };
        List<KeyedRequest> first = new ArrayList<>();
        for (String url : urls) {
            first.add(of(request(url, BODY, "Authorization", "Bearer a")));
        }
        for (int i = 0; i < 3; i++) {
            // Of each place what was asked last: the body that was seen there remembers one key.
            assertThat(of(request(urls[i], BODY, "Authorization", "Bearer a")).key())
                    .isEqualTo(first.get(i).key());
        }
        assertThat(of(request(urls[1], BODY, "Authorization", "Bearer a"))).isSameAs(first.get(1));
    }

    @Test
    void theProxysOwnKeyIsNotReadForWhoSignsThemselves() {
        List<LlmUrl> asked = new ArrayList<>();
        Keys own = new Keys(SECRET, false, url -> {
            asked.add(url);
            return Optional.of(ByteString.encodeUtf8("account"));
        });
        for (CallOptions options :
                List.of(CallOptions.none(), CallOptions.none().tenant("acme"))) {
            assertThat(keyed(own, request(URL, BODY, "Authorization", "Bearer a"), options)
                            .key())
                    .isEqualTo(keyed(keys, request(URL, BODY, "Authorization", "Bearer a"), options)
                            .key());
        }
        assertThat(asked).isEmpty();
        assertThat(keyed(own, request(URL, BODY), CallOptions.none()).key()).isNotNull();
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoCannotBeToldFromOthersGetsNoKey() {
        CallOptions none = CallOptions.none();
        assertThat(keyed(keys, request(URL, BODY), none))
                .hasToString("no key: it has neither a tenant nor a credential");
        // The same for everybody, perhaps.
        assertThat(keyed(keys, request(URL, BODY, "Cookie", "lang=en"), none).key())
                .isNull();
        assertThat(keyed(keys, request(URL, BODY, "X-App-Secret", "s"), none).key())
                .isNotNull();
        assertThat(keyed(new Keys(SECRET, true, url -> Optional.empty()), request(URL, BODY), none)
                        .key())
                .isNotNull();
    }

    @Test
    void theConfiguredCredentialCountsWhereNoneIsSent() {
        Keys own = new Keys(SECRET, false, url -> Optional.of(ByteString.encodeUtf8("account " + url.host())));
        Keys rotated = new Keys(SECRET, false, url -> Optional.of(ByteString.encodeUtf8("other " + url.host())));
        CallOptions none = CallOptions.none();
        CacheKey configured = keyed(own, request(URL, BODY), none).key();
        assertThat(configured).isNotNull();
        assertThat(keyed(rotated, request(URL, BODY), none).key()).isNotEqualTo(configured);
        LlmRequest sent = request(URL, BODY, "Authorization", "Bearer a");
        assertThat(keyed(own, sent, none).key())
                .isEqualTo(keyed(rotated, sent, none).key())
                .isNotEqualTo(configured);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://api.openai.com/v1/models | {} | it is no call of a model
        https://api.openai.com/v1/chat/completions | {"a":1,"a":2} | an object of the body has a member twice
        https://api.openai.com/v1/chat/completions | {"seed":1,"store":true} | it keeps or uses state at the provider
        """)
    void whatIsNotRepeatedHasNoKey(String url, String body, String reason) {
        KeyedRequest keyed = of(request(url, body));
        assertThat(keyed.key()).isNull();
        assertThat(keyed.reason()).isEqualTo(reason);
        // From the memory, too.
        assertThat(of(request(url, body))).isEqualTo(keyed);
    }

    @Test
    void aCallWithoutABodyHasNoKey() {
        LlmRequest bare = LlmRequest.builder("POST", LlmUrl.of(URL)).build();
        assertThat(of(bare)).hasToString("no key: it has no body");
    }

    @Test
    void equalPromptsOfManyTenantsHaveKeysOfTheirOwn() {
        Set<CacheKey> all = new HashSet<>();
        Set<ByteString> owners = new HashSet<>();
        for (int tenant = 0; tenant < 200; tenant++) {
            CallOptions options = CallOptions.none().tenant("tenant-" + tenant);
            for (String temperature : List.of("0", "1")) {
                LlmRequest request = request(URL, BODY.replace("e\":0", "e\":" + temperature), "api-key", "same");
                CacheKey key =
                        Objects.requireNonNull(keyed(keys, request, options).key());
                all.add(key);
                owners.add(key.tenant());
                assertThat(key.isOf(keys.tenant("tenant-" + tenant))).isTrue();
            }
        }
        assertThat(all).hasSize(400);
        assertThat(owners).hasSize(200);
    }

    @Test
    void nothingIsPrinted() {
        KeyedRequest keyed = of(request(URL, BODY, "Authorization", "Bearer sk-canary"));
        String hex = Objects.requireNonNull(keyed.key()).bytes().hex();
        assertThat(keyed.toString()).isEqualTo("key");
        assertThat(keyed.key().toString().length()).isLessThan(hex.length() / 2);
        assertThat(hex).doesNotContain(ByteString.encodeUtf8("canary").hex());
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new Keys(SECRET.substring(1), false, url -> Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("secret: 31 bytes (expected: >= 32)");
    }
}
