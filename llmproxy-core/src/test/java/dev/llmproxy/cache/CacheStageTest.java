package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.question;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.cache.CachedCalls.Got;
import dev.llmproxy.call.CacheMode;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.Stage;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheStageTest {
    private static final ResponseCache CACHE =
            ResponseCache.inMemory(1 << 20).expireAfter(Duration.ofHours(1)).staleIfError(Duration.ofHours(24));

    private final CachedCalls calls = new CachedCalls(CACHE);

    @AfterEach
    void everyCallEndsOnce() {
        calls.listener.assertBalanced();
        calls.close();
    }

    private CacheLookedUp lastLookUp() {
        List<CacheLookedUp> all = calls.listener.events(CacheLookedUp.class);
        return all.get(all.size() - 1);
    }

    @Test
    void theSecondCallSendsNothing() throws IOException {
        Got first =
                calls.ask(ACME, saying("blue", "x-request-id", "req-1", "Set-Cookie", "a=b", "x-ratelimit-limit", "9"));
        calls.ticker.advance(Duration.ofMinutes(10));
        Got second = calls.ask(ACME);
        assertThat(first.cache()).isEqualTo("miss");
        assertThat(second.cache()).isEqualTo("hit");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("X-LlmProxy-Attempts")).isEqualTo("0");
        assertThat(second.header("Content-Length"))
                .isEqualTo(Integer.toString(first.body().length()));
        assertThat(second.headers().toString())
                .isEqualTo("[content-length, content-type, x-llmproxy-attempts, x-llmproxy-cache]");
        assertThat(lastLookUp().age()).isEqualTo(Duration.ofMinutes(10));
        assertThat(lastLookUp().tokens()).isEqualTo(12);
    }

    @Test
    void headersWithoutEndTakeNoMemory() throws IOException {
        calls.ask(ACME, saying("a", "Content-Language", "en,".repeat(400)));
        assertThat(calls.ask(ACME, saying("b", "Content-Language", "en")).cache())
                .isEqualTo("miss");
        assertThat(calls.ask(ACME).header("Content-Language")).isEqualTo("en");
    }

    @Test
    void noTenantGetsTheAnswerOfAnother() throws IOException {
        calls.ask(ACME, saying("of acme"));
        Got other = calls.ask(CallOptions.none().tenant("other"), saying("of other"));
        assertThat(other.cache()).isEqualTo("miss");
        assertThat(other.body()).contains("of other");
    }

    @Test
    void whoeverCannotBeToldFromOthersIsNotCached() throws IOException {
        assertThat(calls.ask(CallOptions.none(), saying("a")).cache()).isEqualTo("bypass");
        assertThat(calls.ask(CallOptions.none(), saying("b")).cache()).isEqualTo("bypass");
        assertThat(lastLookUp().reason()).isEqualTo("it has neither a tenant nor a credential");
    }

    @Test
    void whatIsNotDeterministicIsStoredOnDemandOnly() throws IOException {
        LlmRequest warm = question(QUESTION.replace("\"temperature\":0,", ""));
        assertThat(calls.ask(warm, ACME, saying("a")).cache()).isEqualTo("bypass");
        assertThat(calls.ask(warm, ACME.cache(CacheMode.STORE), saying("b")).cache())
                .isEqualTo("miss");
        assertThat(calls.ask(warm, ACME.cache(CacheMode.STORE)).cache()).isEqualTo("hit");
    }

    @Test
    void bypassNeitherReadsNorStores() throws IOException {
        CallOptions bypass = ACME.cache(CacheMode.BYPASS);
        assertThat(calls.ask(bypass, saying("a")).cache()).isEqualTo("bypass");
        assertThat(calls.ask(ACME, saying("b")).cache()).isEqualTo("miss");
        assertThat(calls.ask(bypass, saying("c")).body()).contains("c");
    }

    @Test
    void refreshReplacesWhatIsStored() throws IOException {
        calls.ask(ACME, saying("old"));
        assertThat(calls.ask(ACME.cache(CacheMode.REFRESH), saying("new")).cache())
                .isEqualTo("miss");
        assertThat(calls.ask(ACME).body()).contains("new");
    }

    @Test
    void onlyIfCachedIsAnsweredWithoutSending() throws IOException {
        CallOptions only = ACME.cache(CacheMode.ONLY_IF_CACHED);
        Got absent = calls.ask(only);
        assertThat(absent.status()).isEqualTo(504);
        assertThat(absent.cache()).isEqualTo("miss");
        assertThat(absent.body())
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"llmproxy_cache\",\"code\":\"only-if-cached\","
                        + "\"message\":\"not in the cache: nothing is stored\"}}");
        calls.ask(ACME, saying("a"));
        assertThat(calls.ask(only).cache()).isEqualTo("hit");
    }

    @Test
    void whatIsOldIsAskedForAgain() throws IOException {
        calls.ask(ACME, saying("old"));
        calls.ticker.advance(Duration.ofHours(1));
        assertThat(calls.ask(ACME, saying("new")).cache()).isEqualTo("miss");
        assertThat(calls.ask(ACME).body()).contains("new");
    }

    @Test
    void anOldAnswerTakesThePlaceOfAnException() throws IOException {
        calls.ask(ACME, saying("old"));
        calls.ticker.advance(Duration.ofHours(2));
        Got stale = calls.ask(ACME, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused")));
        assertThat(stale.cache()).isEqualTo("stale");
        assertThat(stale.body()).contains("old");
        assertThat(stale.header("X-LlmProxy-Attempts")).isEqualTo("1");
        assertThat(lastLookUp().cause().map(FaultCause::stale)).contains(true);
        assertThat(calls.listener.faults()).hasSize(1);
    }

    @Test
    void anOldAnswerTakesThePlaceOfAnError() throws IOException {
        calls.ask(ACME, saying("old"));
        calls.ticker.advance(Duration.ofHours(2));
        Got stale = calls.ask(ACME, FakeTransport.json(503, "{\"error\":{\"message\":\"overloaded\"}}"));
        assertThat(stale.status()).isEqualTo(200);
        assertThat(stale.cache()).isEqualTo("stale");
    }

    @Test
    void noOldAnswerTakesThePlaceOfARefusalOrComesTooLate() throws IOException {
        calls.ask(ACME, saying("old"));
        calls.ticker.advance(Duration.ofHours(2));
        assertThat(calls.ask(ACME, FakeTransport.json(401, "{}")).status()).isEqualTo(401);
        calls.ticker.advance(Duration.ofHours(23));
        assertThatThrownBy(() -> calls.ask(ACME, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("no"))))
                .isInstanceOf(LlmFaultException.class);
    }

    @Test
    void aRefusalOfTheRequestIsRememberedForAMoment() throws IOException {
        String error = "{\"error\":{\"message\":\"The model `gpt-9` does not exist\",\"type\":"
                + "\"invalid_request_error\",\"code\":\"model_not_found\"}}";
        Got first = calls.ask(ACME, FakeTransport.json(404, error));
        Got second = calls.ask(ACME);
        assertThat(second.status()).isEqualTo(404);
        assertThat(second.body()).isEqualTo(error);
        assertThat(second.header("X-LlmProxy-Fault")).isEqualTo(first.header("X-LlmProxy-Fault"));
        assertThat(second.cache()).isEqualTo("hit");
        assertThat(lastLookUp().cause()).contains(FaultCause.MODEL_UNKNOWN);
        assertThat(calls.listener.events(LlmEvent.CallFailed.class)).hasSize(2);
        calls.ticker.advance(Duration.ofSeconds(31));
        assertThat(calls.ask(ACME, saying("now")).cache()).isEqualTo("miss");
    }

    @Test
    void limitsAndOutagesAreNotRemembered() throws IOException {
        calls.ask(ACME, FakeTransport.json(429, "{}"));
        calls.ask(ACME, FakeTransport.json(500, "{}"));
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
    }

    @Test
    void whatIsNotToBeStoredIsNot() throws IOException {
        calls.ask(ACME, saying("a", "Cache-Control", "private, No-Store"));
        assertThat(calls.ask(ACME, saying("b")).cache()).isEqualTo("miss");
        assertThat(calls.listener.events(LlmEvent.CacheOffered.class).get(0).refusal())
                .isEqualTo("no-store in its headers");
    }

    @Test
    void anAnswerForAnotherCredentialOrRequestIsNotStored() throws IOException {
        notStoredWith((request, chain) -> chain.proceed(
                request.toBuilder().header("Authorization", "Bearer other").build()));
        notStoredWith((request, chain) -> chain.proceed(request.toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(QUESTION.replace("canary", "another")), "application/json"))
                .build()));
    }

    private static void notStoredWith(Stage changing) throws IOException {
        try (CachedCalls changed = new CachedCalls(CACHE, builder -> builder.aroundAttempt(changing))) {
            changed.ask(ACME, saying("a"));
            assertThat(changed.ask(ACME, saying("b")).cache()).isEqualTo("miss");
            assertThat(changed.proxy.cache().statistics().refused()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatWasCutByItsLengthIsNotStored() throws IOException {
        FakeTransport.Answer cut = FakeTransport.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":[{\"index\":"
                        + "0,\"message\":{\"role\":\"assistant\",\"content\":\"hel\"},\"finish_reason\":\"length\"}]}");
        calls.ask(ACME, cut);
        assertThat(calls.ask(ACME, saying("whole")).cache()).isEqualTo("miss");
    }

    @Test
    void aTenantIsForgotten() throws IOException {
        CallOptions other = CallOptions.none().tenant("other");
        calls.ask(ACME, saying("a"));
        calls.ask(other, saying("b"));
        calls.proxy.cache().purge("acme");
        assertThat(calls.ask(ACME, saying("c")).cache()).isEqualTo("miss");
        assertThat(calls.ask(other).cache()).isEqualTo("hit");
        calls.proxy.cache().invalidateAll();
        assertThat(calls.ask(other, saying("d")).cache()).isEqualTo("miss");
    }

    @Test
    void whatItHasDoneIsCountedAndToldWithoutContent() throws IOException {
        calls.ask(ACME, saying("canary-answer"));
        calls.ask(ACME);
        calls.ask(CallOptions.none(), saying("canary-answer"));
        assertThat(calls.proxy.cache().statistics().toString())
                .startsWith(
                        "1 hits, 1 misses, 0 stale, 0 coalesced, 1 bypassed; 1 stored, 0 refused, 0 store failures; 1 ");
        assertThat(calls.listener.events().toString()
                        + calls.proxy.cache()
                        + calls.proxy.report().toText())
                .doesNotContain("canary");
    }

    @Test
    void aProxyWithoutACacheHasAnEmptyOne() throws IOException {
        try (LlmProxy none = LlmProxy.builder().build()) {
            none.cache().purge("acme");
            none.cache().invalidateAll();
            assertThat(none.cache().statistics().stored()).isZero();
        }
    }

    @Test
    void aCacheNeedsSomebodyWhoJudgesAnswers() {
        LlmProxy.Builder builder = LlmProxy.builder().cache(CACHE).integrity(Integrity.off());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cache: 1048576 bytes of memory, expireAfter PT1H, staleIfError PT24H, ")
                .hasMessageEndingWith(
                        " with integrity that is off (expected: Integrity.strict() or observe(), for nothing"
                                + " else says whether an answer is whole)");
    }
}
