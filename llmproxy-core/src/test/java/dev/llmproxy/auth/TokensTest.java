package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final String BASE = "https://api.openai.com/v1";
    private static final String REJECTED = "{\"error\":{\"message\":\"Invalid token\",\"code\":\"invalid_api_key\"}}";

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final AtomicInteger fetches = new AtomicInteger();
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void closes() {
        proxies.forEach(LlmProxy::close);
        events.assertBalanced();
    }

    private LlmProxy proxyOf(TokenSource source, Ticker time) {
        LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.token(BASE, source))
                .ticker(time)
                .listener(events)
                .build();
        proxies.add(proxy);
        return proxy;
    }

    private Token next(Duration lifetime) {
        return Token.expiringIn("token-" + fetches.incrementAndGet(), lifetime);
    }

    private static String tokenOf(LlmProxy proxy) throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
        return transport.sent().get(0).headers().get("Authorization").orElseThrow();
    }

    @Test
    void aTokenIsKeptUntilItIsToBeRenewed() throws IOException {
        LlmProxy proxy = proxyOf(() -> next(Duration.ofHours(1)), ticker);
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-1");
        ticker.advance(Duration.ofMinutes(55).minusMillis(1));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-1");
        ticker.advance(Duration.ofMillis(1));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-2");
    }

    @Test
    void aTokenOfMinutesIsRenewedAfterFourFifthsOfItsLife() throws IOException {
        LlmProxy proxy = proxyOf(() -> next(Duration.ofMinutes(5)), ticker);
        tokenOf(proxy);
        ticker.advance(Duration.ofMinutes(4).minusMillis(1));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-1");
        ticker.advance(Duration.ofMillis(1));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-2");
    }

    @Test
    void aSourceThatFailsAheadOfTheEndFailsNoCall() throws IOException {
        LlmProxy proxy = proxyOf(
                () -> {
                    if (fetches.get() == 1) {
                        fetches.incrementAndGet();
                        throw new IOException("the identity provider is away, token-1");
                    }
                    return next(Duration.ofHours(1));
                },
                ticker);
        tokenOf(proxy);
        ticker.advance(Duration.ofMinutes(56));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-1");
        assertThat(events.faults()).extracting(Fault::cause).containsExactly(FaultCause.CREDENTIAL_SOURCE);
        assertThat(events.faults().toString()).doesNotContain("token-1");
        ticker.advance(Duration.ofSeconds(9));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-1");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-3");
    }

    @Test
    void aTokenThatIsAsGoodAsOverIsNotSent() {
        LlmProxy proxy = proxyOf(
                () -> {
                    if (fetches.get() == 1) {
                        throw new IOException("away");
                    }
                    return next(Duration.ofHours(1));
                },
                ticker);
        assertThatThrownBy(() -> {
                    tokenOf(proxy);
                    ticker.advance(Duration.ofMinutes(59).plusSeconds(30));
                    tokenOf(proxy);
                })
                .isInstanceOf(LlmFaultException.class)
                .hasMessageContaining("auth.credential-source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "line\nbreak", ""})
    void aTokenThatCannotBeSentFailsTheCall(String token) {
        LlmProxy proxy = proxyOf(() -> Token.expiringUnknown(token), ticker);
        assertThatThrownBy(() -> tokenOf(proxy))
                .isInstanceOf(LlmFaultException.class)
                .hasMessageContaining("auth.credential-source");
    }

    @Test
    void aRefusedTokenIsFetchedAnewOncePerCall() throws IOException {
        List<Boolean> offers = new ArrayList<>();
        LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.token(BASE, () -> next(Duration.ofHours(1))))
                .ticker(ticker)
                .aroundCall((request, chain) -> {
                    chain.proceed(request).close();
                    offers.add(chain.call().choice().offers(Alternative.TOKEN));
                    chain.call().choice().take(Alternative.TOKEN);
                    var response = chain.proceed(request);
                    offers.add(chain.call().choice().offers(Alternative.TOKEN));
                    return response;
                })
                .onFault(fault -> assertThat(fault.cause())
                        .isEqualTo(fetches.get() == 1 ? FaultCause.TOKEN_EXPIRED : FaultCause.KEY_INVALID))
                .build();
        proxies.add(proxy);
        FakeTransport transport =
                FakeTransport.answering(FakeTransport.json(401, REJECTED), FakeTransport.json(401, REJECTED));
        proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
        assertThat(offers).containsExactly(true, false);
        assertThat(transport.sent())
                .extracting(sent -> sent.headers().get("Authorization").orElseThrow())
                .containsExactly("Bearer token-1", "Bearer token-2");
    }

    private static void refuse(LlmProxy proxy, int calls, int status, String body) throws IOException {
        for (int i = 0; i < calls; i++) {
            FakeTransport transport = FakeTransport.answering(FakeTransport.json(status, body));
            proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
        }
    }

    @Test
    void tokensThatAreAllRefusedAreNotFetchedByEveryCall() throws IOException {
        LlmProxy proxy = proxyOf(() -> next(Duration.ofHours(1)), ticker);
        refuse(proxy, 20, 401, REJECTED);
        assertThat(fetches).hasValue(2);
        ticker.advance(Duration.ofSeconds(10));
        refuse(proxy, 20, 401, REJECTED);
        assertThat(fetches).hasValue(3);
        tokenOf(proxy);
        refuse(proxy, 1, 401, REJECTED);
        tokenOf(proxy);
        assertThat(fetches).hasValue(4);
    }

    @Test
    void aTokenThatMayNotDoThisIsNotTooOld() throws IOException {
        LlmProxy proxy = proxyOf(() -> next(Duration.ofHours(1)), ticker);
        String denied = "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"denied\"}}";
        refuse(proxy, 5, 403, denied);
        assertThat(events.faults()).extracting(Fault::cause).containsOnly(FaultCause.PERMISSION_DENIED);
        assertThat(fetches).hasValue(1);
    }

    @Test
    @Timeout(300)
    void aSourceThatNeedsItsOwnTokenIsToldSo() {
        LlmProxy proxy = proxyOf(() -> Token.expiringUnknown(tokenOf(proxies.get(0))), Ticker.system());
        assertThatThrownBy(() -> tokenOf(proxy)).hasMessageContaining("auth.credential-source");
        assertThat(events.faults().get(0).evidence("problem")).hasValue("is fetched with a call that it is to sign");
    }

    @ParameterizedTest
    @CsvSource({
        "'Thu, 01 Jan 2026 00:07:00 GMT', 7.0 min behind",
        "'Wed, 31 Dec 2025 23:50:00 GMT', 10.0 min ahead of",
        "'Fri, 31 Dec 9999 23:59:59 GMT', 52560000.0 min behind",
        "+999999999-12-31T23:59:59Z, 52560000.0 min behind"
    })
    void aNewTokenThatIsRefusedWhileTheClockIsWrongIsAMatterOfTheClock(String date, String wrong) throws IOException {
        LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.token(BASE, () -> next(Duration.ofHours(1))))
                .ticker(ticker)
                .listener(events)
                .aroundCall((request, chain) -> {
                    chain.proceed(request).close();
                    chain.call().choice().take(Alternative.TOKEN);
                    return chain.proceed(request);
                })
                .build();
        proxies.add(proxy);
        FakeTransport.Answer refusal =
                (request, attempt) -> FakeTransport.json(401, REJECTED).to(request, attempt).toBuilder()
                        .header("Date", date)
                        .build();
        proxy.execute(FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(refusal, refusal))
                .close();
        assertThat(events.faults())
                .extracting(Fault::cause)
                .containsExactly(FaultCause.TOKEN_EXPIRED, FaultCause.CLOCK_SKEW);
        assertThat(events.faults().get(1).evidence("clock of this machine")).hasValue(wrong + " the peer's");
    }

    @Test
    void oneOfManyCallsFetchesAndTheOthersWaitForIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        LlmProxy proxy = proxyOf(
                () -> {
                    asked.countDown();
                    await(open);
                    return next(Duration.ofHours(1));
                },
                Ticker.system());
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> tokens = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tokens.add(threads.submit(() -> tokenOf(proxy)));
            }
            assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
            open.countDown();
            for (Future<String> token : tokens) {
                assertThat(token.get(2, TimeUnit.MINUTES)).isEqualTo("Bearer token-1");
            }
        } finally {
            end(threads);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void whoeverWaitsForATokenCanBeCancelled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        LlmProxy proxy = proxyOf(
                () -> {
                    asked.countDown();
                    await(open);
                    return next(Duration.ofHours(1));
                },
                Ticker.system());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> leader = threads.submit(() -> tokenOf(proxy));
            assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
            FakeTransport cancelled = FakeTransport.answering();
            cancelled.cancel();
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), cancelled))
                    .isInstanceOf(IOException.class);
            open.countDown();
            assertThat(leader.get(2, TimeUnit.MINUTES)).isEqualTo("Bearer token-1");
        } finally {
            end(threads);
        }
    }

    @Test
    void aLeaderThatIsInterruptedDoesNotFailTheOthers() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        LlmProxy proxy = proxyOf(
                () -> {
                    if (asked.getCount() == 1) {
                        asked.countDown();
                        await(new CountDownLatch(1));
                    }
                    return next(Duration.ofHours(1));
                },
                Ticker.system());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> leader = threads.submit(() -> tokenOf(proxy));
            assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
            Future<String> follower = threads.submit(() -> tokenOf(proxy));
            leader.cancel(true);
            assertThat(follower.get(2, TimeUnit.MINUTES)).isEqualTo("Bearer token-1");
        } finally {
            end(threads);
        }
    }

    @Test
    @Timeout(300)
    void nobodyWaitsForASourceThatHangsLongerThanTheCallThatAskedIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        LlmProxy proxy = proxyOf(
                () -> {
                    Token token = next(Duration.ofHours(1));
                    if (asked.getCount() == 1) {
                        asked.countDown();
                        await(open);
                    }
                    return token;
                },
                Ticker.system());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        FakeTransport hanging = FakeTransport.answering();
        try {
            Future<LlmResponse> leader =
                    threads.submit(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), hanging));
            assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
            Future<String> follower = threads.submit(() -> tokenOf(proxy));
            hanging.cancel();
            assertThat(follower.get(2, TimeUnit.MINUTES)).isEqualTo("Bearer token-2");
            open.countDown();
            assertThatThrownBy(() -> leader.get(2, TimeUnit.MINUTES)).hasCauseInstanceOf(IOException.class);
        } finally {
            open.countDown();
            end(threads);
        }
        assertThat(tokenOf(proxy)).isEqualTo("Bearer token-2");
    }

    // A future that was cancelled is done before its call is: its end has to be told before the events are counted.
    private static void end(ExecutorService threads) throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void printsNothingOfATokenOrItsSource() {
        Token token = Token.expiringIn("secret-token-1", Duration.ofHours(1));
        Credentials credentials = Credentials.token(BASE, () -> token);
        assertThat(token + " " + credentials).doesNotContain("secret-token-1").contains("secret#");
    }
}
