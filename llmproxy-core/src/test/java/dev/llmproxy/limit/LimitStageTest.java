package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.Priority;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.route.Deployment;
import dev.llmproxy.route.Route;
import dev.llmproxy.simulation.SimulatedTime;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitStageTest {
    private static final String USAGE = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}";

    private final FakeTicker ticker = new FakeTicker();
    private final RecordingListener events = new RecordingListener();
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void everyCallEndsOnceAndNothingIsHeld() {
        for (LlmProxy proxy : proxies) {
            proxy.close();
            assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
        }
        events.assertBalanced();
    }

    private LlmProxy proxy(Limits limits) {
        return proxy(LlmProxy.builder().limits(limits));
    }

    private LlmProxy proxy(LlmProxy.Builder builder) {
        LlmProxy proxy = builder.listener(events)
                .ticker(ticker)
                .random(new SplittableRandom(1))
                .build();
        proxies.add(proxy);
        return proxy;
    }

    private static LlmResponse call(LlmProxy proxy, FakeTransport.Answer... answers) throws IOException {
        return call(proxy, CallOptions.none(), answers);
    }

    private static LlmResponse call(LlmProxy proxy, CallOptions options, FakeTransport.Answer... answers)
            throws IOException {
        return proxy.execute(FakeTransport.chat(), options, FakeTransport.answering(answers));
    }

    private static Fault refusal(LlmProxy proxy, CallOptions options) {
        try (LlmResponse response = call(proxy, options, FakeTransport.ok())) {
            throw new AssertionError("answered " + response.code());
        } catch (LlmFaultException e) {
            return e.fault();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int running(LlmProxy proxy) {
        return proxy.limits().stream().mapToInt(Limits.Use::running).sum();
    }

    @Test
    void whatIsAboveTheLimitIsRefusedBeforeItIsSent() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(2));
        try (LlmResponse first = call(proxy, FakeTransport.ok());
                LlmResponse second = call(proxy, FakeTransport.ok())) {
            assertThat(first.code()).isEqualTo(second.code());
            assertThat(running(proxy)).isEqualTo(2);
            Fault fault = refusal(proxy, CallOptions.none());
            assertThat(fault.cause()).isEqualTo(FaultCause.OWN_LIMITS);
            assertThat(fault.summary())
                    .isEqualTo("concurrency of https://api.openai.com is used up, and calls do not wait");
            assertThat(fault.evidence("running")).hasValue("2 of 2");
            assertThat(fault.mayHaveBilled()).isFalse();
            assertThat(fault.retryable()).isFalse();
        }
        call(proxy, FakeTransport.ok()).close();
        assertThat(proxy.limits())
                .singleElement()
                .extracting(Limits.Use::refused)
                .isEqualTo(1L);
    }

    @Test
    void aPermitIsHeldUntilTheBodyHasEnded() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1));
        LlmResponse read = call(proxy, FakeTransport.ok());
        read.body().readByteString();
        assertThat(running(proxy)).isZero();
        LlmResponse closed = call(proxy, FakeTransport.ok());
        assertThat(running(proxy)).isEqualTo(1);
        closed.close();
        read.close();
        closed.close();
        assertThat(running(proxy)).isZero();
    }

    @Test
    void aPermitIsFreedWhenTheCallFails() {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1));
        assertThatThrownBy(() -> call(proxy, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"))))
                .isInstanceOf(LlmFaultException.class);
        assertThatThrownBy(() -> call(proxy, (request, attempt) -> {
                    throw new IllegalStateException("of the client");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(running(proxy)).isZero();
    }

    @Test
    void aPermitIsFreedWhenAResponseIsDroppedUnclosed() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1));
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        var unused = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport);
        assertThat(running(proxy)).isEqualTo(1);
        transport.call().abandoned();
        assertThat(running(proxy)).isZero();
    }

    @Test
    void aRefusedAttemptHoldsNothingWhileItIsRepeated() throws IOException {
        LlmProxy proxy = proxy(
                LlmProxy.builder().limits(Limits.perDeployment().concurrency(1)).retry(Retry.attempts(3)));
        try (LlmResponse response = call(proxy, FakeTransport.json(503, "{}"), FakeTransport.ok())) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(running(proxy)).isEqualTo(1);
        }
    }

    @Test
    void aStageThatAsksTwiceHoldsOnePermit() throws IOException {
        LlmProxy proxy = proxy(
                LlmProxy.builder().limits(Limits.perDeployment().concurrency(2)).aroundCall((request, chain) -> {
                    chain.proceed(request).close();
                    return chain.proceed(request);
                }));
        try (LlmResponse response = call(proxy, FakeTransport.ok(), FakeTransport.ok())) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(running(proxy)).isEqualTo(1);
        }
    }

    @Test
    void anotherDeploymentTakesWhatOneHasNoRoomFor() throws IOException {
        LlmProxy proxy = proxy(LlmProxy.builder()
                .route(Route.from("https://api.openai.com/v1")
                        .failover(
                                Deployment.at("https://east.example/v1").named("east"),
                                Deployment.at("https://west.example/v1").named("west")))
                .limits(Limits.perDeployment().concurrency(1))
                .retry(Retry.attempts(3)));
        try (LlmResponse first = call(proxy, FakeTransport.ok());
                LlmResponse second = call(proxy, FakeTransport.ok())) {
            assertThat(first.headers().get("X-LlmProxy-Deployment")).hasValue("east");
            assertThat(second.headers().get("X-LlmProxy-Deployment")).hasValue("west");
            assertThat(refusal(proxy, CallOptions.none()).where()).isEqualTo("west before attempt 1");
        }
    }

    @Test
    void whatHasNoRoomAnywhereCostsNothingOfTheBudgetOfRepeats() throws IOException {
        LlmProxy proxy = proxy(LlmProxy.builder()
                .route(Route.from("https://api.openai.com/v1")
                        .failover(
                                Deployment.at("https://east.example/v1").named("east"),
                                Deployment.at("https://west.example/v1").named("west")))
                .limits(Limits.perDeployment().concurrency(1))
                .retry(Retry.attempts(2)));
        try (LlmResponse east = call(proxy, FakeTransport.ok())) {
            try (LlmResponse west = call(proxy, FakeTransport.ok())) {
                assertThat(west.code()).isEqualTo(east.code());
                for (int i = 0; i < 200; i++) {
                    assertThat(refusal(proxy, CallOptions.none()).where()).isEqualTo("west before attempt 1");
                }
            }
            // There is room again: at the second one, after the first has refused.
            try (LlmResponse next = call(proxy, FakeTransport.ok())) {
                assertThat(next.headers().get("X-LlmProxy-Deployment")).hasValue("west");
            }
        }
    }

    @Test
    void aPlaceThatHasRoomIsBetterThanAWait() throws IOException {
        LlmProxy proxy = proxy(LlmProxy.builder()
                .route(Route.from("https://api.openai.com/v1")
                        .failover(
                                Deployment.at("https://east.example/v1").named("east"),
                                Deployment.at("https://west.example/v1").named("west")))
                .limits(Limits.perDeployment()
                        .concurrency(1)
                        .requestsPerMinute(6)
                        .queueFor(Duration.ofSeconds(5))));
        try (LlmResponse first = call(proxy, FakeTransport.ok())) {
            assertThat(first.headers().get("X-LlmProxy-Deployment")).hasValue("east");
            try (LlmResponse second = call(proxy, FakeTransport.ok())) {
                assertThat(second.headers().get("X-LlmProxy-Deployment")).hasValue("west");
            }
        }
        // There are ten seconds between two calls to a place.
        ticker.advance(Duration.ofSeconds(9));
        call(proxy, FakeTransport.ok()).close();
        assertThat(events.only(LimitWaited.class).deployment()).isEqualTo("east");
        call(proxy, FakeTransport.ok()).close();
        assertThat(events.events(LimitWaited.class)).hasSize(1);
    }

    @Test
    void whatIsNoCallToAModelIsNotLimited() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1));
        try (LlmResponse first = call(proxy, FakeTransport.ok());
                LlmResponse list = proxy.execute(
                        FakeTransport.chat("https://api.openai.com/v1/files"),
                        CallOptions.none(),
                        FakeTransport.answering(FakeTransport.json(200, "{}")))) {
            assertThat(list.code()).isEqualTo(first.code());
        }
    }

    @Test
    void aCallWaitsForItsTurnInARate() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(30)));
        call(proxy, FakeTransport.ok()).close();
        call(proxy, FakeTransport.ok()).close();
        LimitWaited waited = events.only(LimitWaited.class);
        assertThat(waited.limit()).isEqualTo(LimitWaited.Limit.REQUESTS);
        assertThat(waited.admitted()).isTrue();
        assertThat(waited.waited()).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_001));
        assertThat(events.faults()).isEmpty();
    }

    @Test
    void aCallThatWouldWaitTooLongIsRefusedWithoutWaiting() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(5)));
        call(proxy, FakeTransport.ok()).close();
        long before = ticker.nanos();
        Fault fault = refusal(proxy, CallOptions.none());
        assertThat(ticker.nanos()).isEqualTo(before);
        assertThat(fault.cause()).isEqualTo(FaultCause.OWN_LIMITS);
        assertThat(fault.evidence("expected wait")).hasValue("10.0 s");
        assertThat(fault.summary()).endsWith("is used up, and it would wait longer than it may");
        assertThat(events.events(LimitWaited.class)).isEmpty();
    }

    @Test
    void aCallThatCannotMakeItBeforeItsDeadlineIsRefusedWithoutWaiting() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(30)));
        call(proxy, FakeTransport.ok()).close();
        Fault fault = refusal(proxy, CallOptions.none().deadline(Duration.ofSeconds(8)));
        assertThat(fault.summary()).endsWith("is used up, and its deadline comes before its turn");
        assertThat(fault.evidence("expected wait")).hasValue("10.0 s");
    }

    @Test
    void aCallThatHasWaitedAsLongAsItMayIsRefused() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1).queueFor(Duration.ofSeconds(5)));
        try (LlmResponse first = call(proxy, FakeTransport.ok())) {
            Fault fault = refusal(proxy, CallOptions.none());
            assertThat(fault.cause()).isEqualTo(FaultCause.OWN_LIMITS);
            assertThat(fault.evidence("waited")).hasValue("5.0 s");
            assertThat(first.code()).isEqualTo(200);
        }
        assertThat(events.only(LimitWaited.class).admitted()).isFalse();
    }

    @Test
    void aWaitEndsAtTheDeadlineOfTheCall() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1).queueFor(Duration.ofSeconds(60)));
        try (LlmResponse first = call(proxy, FakeTransport.ok())) {
            Fault fault = refusal(proxy, CallOptions.none().deadline(Duration.ofSeconds(7)));
            assertThat(first.code()).isEqualTo(200);
            assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
            assertThat(fault.evidence("waited for the limits set here")).isPresent();
        }
        assertThat(events.only(LimitWaited.class).admitted()).isFalse();
    }

    @Test
    void anInterruptEndsAWait() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(1).queueFor(Duration.ofSeconds(60)));
        try (LlmResponse first = call(proxy, FakeTransport.ok())) {
            Thread.currentThread().interrupt();
            Fault fault = refusal(proxy, CallOptions.none());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(first.code()).isEqualTo(200);
            assertThat(fault.cause()).isEqualTo(FaultCause.CANCELLED);
        }
        assertThat(events.events(LlmEvent.CallCancelled.class)).hasSize(1);
    }

    @Test
    void theFaultOfAnAttemptTellsTheWaitBeforeIt() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(30)));
        call(proxy, FakeTransport.ok()).close();
        assertThatThrownBy(() -> call(proxy, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"))))
                .asInstanceOf(type(LlmFaultException.class))
                .extracting(e ->
                        e.fault().evidence("waited for the limits set here").orElse(""))
                .isEqualTo("10 s");
    }

    @Test
    void batchLeavesATenthToTheOthers() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(10));
        List<LlmResponse> open = new ArrayList<>();
        CallOptions batch = CallOptions.none().priority(Priority.BATCH);
        for (int i = 0; i < 9; i++) {
            open.add(call(proxy, batch, FakeTransport.ok()));
        }
        assertThat(refusal(proxy, batch).evidence("priority")).hasValue("batch");
        open.add(call(proxy, FakeTransport.ok()));
        for (LlmResponse response : open) {
            response.close();
        }
    }

    @Test
    void whatAnAnswerDidNotNeedIsGivenBack() throws IOException {
        // A sixth of it, 1,000, at once; the first call sets aside 500 for the answer, and something for the prompt.
        LlmProxy proxy = proxy(Limits.perDeployment().tokensPerMinute(6_000));
        for (int i = 0; i < 30; i++) {
            call(proxy, FakeTransport.json(200, String.format(USAGE, 5, 5, 10))).close();
        }
        assertThat(events.faults()).isEmpty();
        assertThat(ticker.nanos()).isZero();
    }

    @Test
    void whatAnAnswerNeededBeyondTheEstimateIsOwed() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().tokensPerMinute(6_000));
        call(proxy, FakeTransport.json(200, String.format(USAGE, 1_000, 2_000, 3_000)))
                .close();
        Fault fault = refusal(proxy, CallOptions.none());
        assertThat(fault.summary()).startsWith("tokensPerMinute of https://api.openai.com is used up");
        Duration expected = fault.retryAfter().orElseThrow();
        assertThat(expected).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        ticker.advance(expected);
        call(proxy, FakeTransport.ok()).close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000L, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void anAbsurdUsageStopsADeploymentForAnHourAtTheMost(long tokens) throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().tokensPerMinute(6_000));
        String usage = USAGE.replace("%d", Long.toString(tokens));
        call(proxy, FakeTransport.json(200, usage)).close();
        Duration expected = refusal(proxy, CallOptions.none()).retryAfter().orElseThrow();
        assertThat(expected).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        ticker.advance(expected);
        call(proxy, FakeTransport.ok()).close();
    }

    @Test
    void aBodyOfManyMegabytesNeedsTheTokensOfAMinuteAtTheMost() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(2).tokensPerMinute(90_000));
        LlmRequest large = FakeTransport.chat().toBuilder()
                .body(LlmBody.of(
                        ByteString.encodeUtf8("{\"model\":\"gpt-4o\",\"messages\":\"" + "x".repeat(20_000_000) + "\"}"),
                        "application/json"))
                .build();
        try (LlmResponse response =
                proxy.execute(large, CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
            assertThat(running(proxy)).isEqualTo(1);
            response.body().readByteString();
        }
        assertThat(running(proxy)).isZero();
        Duration expected = refusal(proxy, CallOptions.none()).retryAfter().orElseThrow();
        assertThat(expected).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        ticker.advance(expected);
        call(proxy, FakeTransport.ok()).close();
    }

    @Test
    void aBodyThatIsTooLargeToBeSentTakesNothing() throws IOException {
        LlmProxy proxy = proxy(LlmProxy.builder()
                .integrity(Integrity.off())
                .limits(Limits.perDeployment()
                        .concurrency(1)
                        .requestsPerMinute(6)
                        .tokensPerMinute(90_000)));
        LlmRequest large =
                FakeTransport.chat().toBuilder().body(new LargeBody()).build();
        assertThatThrownBy(() -> proxy.execute(large, CallOptions.none(), FakeTransport.answering(FakeTransport.ok())))
                .asInstanceOf(type(LlmFaultException.class))
                .extracting(e -> e.fault().cause())
                .isEqualTo(FaultCause.BODY_TOO_LARGE);
        call(proxy, FakeTransport.ok()).close();
    }

    /** A file on a disk, of a hundred megabytes. */
    private static final class LargeBody extends LlmBody {
        @Override
        public Optional<String> contentType() {
            return Optional.of("application/json");
        }

        @Override
        protected long declaredLength() {
            return 100_000_000;
        }

        @Override
        protected boolean producesOnce() {
            return true;
        }

        @Override
        protected void produce(BufferedSink sink) throws IOException {
            throw new IOException("read into memory");
        }
    }

    @Test
    void whoWaitsIsSentWhenTheAdaptiveLimitGrows() {
        SimulatedTime time = new SimulatedTime();
        List<Long> sentAt = new ArrayList<>();
        LlmProxy proxy = LlmProxy.builder()
                .ticker(time)
                .limits(Limits.perDeployment().adaptiveConcurrency(64).queueFor(Duration.ofMinutes(1)))
                .build();
        for (int i = 0; i <= AdaptiveLimit.FIRST; i++) {
            long begin = Duration.ofMillis(100L * i).toNanos();
            time.at(Duration.ofNanos(begin), () -> {
                FakeTransport transport = FakeTransport.answering((request, attempt) -> {
                    sentAt.add(time.nanos());
                    attempt.mark(Phase.SEND);
                    time.park(Duration.ofSeconds(1).toNanos());
                    return FakeTransport.ok().to(request, attempt);
                });
                try (LlmResponse response = proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)) {
                    time.park(Duration.ofSeconds(30).toNanos());
                    assertThat(response.code()).isEqualTo(200);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
        time.run();
        proxy.close();
        // The first tokens have told that there is room for more; the first answer ends 31 s later.
        assertThat(sentAt).hasSize(AdaptiveLimit.FIRST + 1);
        assertThat(Duration.ofNanos(sentAt.get(AdaptiveLimit.FIRST))).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whoStandsBehindOneThatLeavesIsSentWhenItFits() {
        SimulatedTime time = new SimulatedTime();
        List<Duration> sentAt = new ArrayList<>();
        LlmProxy proxy = LlmProxy.builder()
                .ticker(time)
                .limits(Limits.perDeployment().tokensPerMinute(6_000).queueFor(Duration.ofMinutes(1)))
                .build();
        FakeTransport head = FakeTransport.answering(FakeTransport.ok());
        // A hundred tokens a second come back: the third has to wait for four seconds, the fourth only for the third.
        List<Integer> most = List.of(480, 400, 480, 1);
        for (int i = 0; i < most.size(); i++) {
            FakeTransport transport = i == 2
                    ? head
                    : FakeTransport.answering((request, attempt) -> {
                        sentAt.add(Duration.ofNanos(time.nanos()));
                        return FakeTransport.ok().to(request, attempt);
                    });
            LlmRequest request = FakeTransport.chat().toBuilder()
                    .body(LlmBody.of(
                            ByteString.encodeUtf8(
                                    "{\"model\":\"gpt-4o\",\"max_tokens\":" + most.get(i) + ",\"messages\":[]}"),
                            "application/json"))
                    .build();
            time.at(Duration.ofMillis(i), () -> {
                try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
                    assertThat(response.code()).isEqualTo(200);
                } catch (IOException e) {
                    assertThat(transport).isSameAs(head);
                }
            });
        }
        time.at(Duration.ofSeconds(1), head::cancelByCaller);
        time.run();
        proxy.close();
        assertThat(sentAt).hasSize(3);
        assertThat(sentAt.get(2)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(2_100));
    }

    @Test
    void whatWasNotBilledIsGivenBack() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().tokensPerMinute(6_000));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(
                            () -> call(proxy, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("refused"))))
                    .asInstanceOf(type(LlmFaultException.class))
                    .extracting(e -> e.fault().cause())
                    .isNotEqualTo(FaultCause.OWN_LIMITS);
        }
    }

    @Test
    void aRequestThatWasSentCountsThoughItFailed() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(6));
        call(proxy, FakeTransport.json(500, "{}")).close();
        assertThat(refusal(proxy, CallOptions.none()).summary()).startsWith("requestsPerMinute of");
    }

    @Test
    void aCallThatIsRefusedForWantOfTokensTakesNoRequest() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(60).tokensPerMinute(6_000));
        call(proxy, FakeTransport.ok()).close();
        for (int i = 0; i < 30; i++) {
            assertThat(refusal(proxy, CallOptions.none()).summary()).startsWith("tokensPerMinute of");
        }
        ticker.advance(Duration.ofSeconds(10));
        call(proxy, FakeTransport.ok()).close();
    }

    @Test
    void whatMayHaveBeenBilledStaysSetAside() {
        // A thousand at once, of which a call takes more than half.
        LlmProxy proxy = proxy(Limits.perDeployment().tokensPerMinute(6_000));
        assertThatThrownBy(() -> call(proxy, FakeTransport.failingIn(Phase.WAIT, new SocketException("reset"))))
                .asInstanceOf(type(LlmFaultException.class))
                .extracting(e -> e.fault().mayHaveBilled())
                .isEqualTo(true);
        assertThat(refusal(proxy, CallOptions.none()).summary()).startsWith("tokensPerMinute of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-ratelimit-remaining-requests: 0, x-ratelimit-limit-requests: 500, x-ratelimit-reset-requests: 20s",
                "anthropic-ratelimit-requests-remaining: 0, anthropic-ratelimit-requests-limit: 50,"
                        + " anthropic-ratelimit-requests-reset: 2026-01-01T00:00:20Z",
                "ratelimit-remaining: 0, ratelimit-limit: 100, ratelimit-reset: 20"
            })
    void nothingIsSentWhileTheHeadersSayThatNothingIsLeft(String headers) throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(600));
        call(proxy, answering(headers + ", date: Thu, 01 Jan 2026 00:00:00 GMT"))
                .close();
        Duration wait = refusal(proxy, CallOptions.none()).retryAfter().orElseThrow();
        assertThat(wait).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22));
        ticker.advance(wait);
        call(proxy, FakeTransport.ok()).close();
    }

    @Test
    void theLowerLimitOfTheHeadersHolds() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(600));
        call(proxy, answering("x-ratelimit-limit-requests: 60, x-ratelimit-remaining-requests: 3"))
                .close();
        for (int i = 0; i < 3; i++) {
            call(proxy, FakeTransport.ok()).close();
        }
        assertThat(refusal(proxy, CallOptions.none()).retryAfter().orElseThrow())
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    }

    @Test
    void aRefusalOfTheProviderBlocksUntilItSays() throws IOException {
        LlmProxy proxy = proxy(Limits.perDeployment().requestsPerMinute(600));
        FakeTransport.Answer limited = (request, attempt) -> FakeTransport.json(
                        429,
                        "{\"error\":{\"message\":\"Rate limit reached for requests\",\"type\":\"requests\","
                                + "\"code\":\"rate_limit_exceeded\"}}")
                .to(request, attempt)
                .toBuilder()
                .header("retry-after", "7")
                .build();
        call(proxy, limited).close();
        assertThat(refusal(proxy, CallOptions.none()).retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_300));
    }

    private static FakeTransport.Answer answering(String headers) {
        return (request, attempt) -> {
            LlmResponse.Builder response = FakeTransport.ok().to(request, attempt).toBuilder();
            for (String header : headers.split(", (?=[a-z-]+: )", -1)) {
                response.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
            }
            return response.build();
        };
    }

    @Test
    void aReportShowsTheLimits() {
        LlmProxy proxy = proxy(Limits.perDeployment().concurrency(3));
        assertThat(proxy.report().settings())
                .anyMatch(setting ->
                        setting.name().equals("Limits") && setting.value().equals("perDeployment().concurrency(3)"));
    }
}
