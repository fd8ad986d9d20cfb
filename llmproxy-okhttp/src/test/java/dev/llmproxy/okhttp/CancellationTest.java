package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.auth.Token;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.retry.Retry;
import dev.llmproxy.testing.DeadAddress;
import dev.llmproxy.testing.Gate;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.timeout.Timeouts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever ends a call is obeyed at once, in every phase, and nothing more is sent. */
class CancellationTest extends OkHttpTest {
    private static final List<String> UNSEEN_BY_THE_PROVIDER = List.of("dns", "connect", "backoff", "token", "wait");
    private static final Duration PROMPTLY = Duration.ofSeconds(5);

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> watching = new ArrayList<>();

    // What ends before its phase is reached is watched in vain.
    @AfterEach
    void letThreadsEnd() {
        over.countDown();
        watching.forEach(Thread::interrupt);
    }

    private Call call(String phase, boolean whole, CountDownLatch reached) {
        LlmProxy.Builder builder = onAnyMachine();
        Gate never = new Gate();
        Request request = Calls.chat(chatUrl());
        OkHttpClient plain = new OkHttpClient();
        switch (phase) {
            case "dns" -> {
                request = Calls.chat("http://slow.example/v1/chat/completions");
                plain = plain.newBuilder()
                        .dns(name -> {
                            reached.countDown();
                            awaitTheEndOfTheTest();
                            return List.of();
                        })
                        .build();
            }
            case "connect" -> {
                request = Calls.chat(closing(DeadAddress.unanswering()).url());
                plain = plain.newBuilder()
                        .eventListener(new EventListener() {
                            @Override
                            public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                                reached.countDown();
                            }
                        })
                        .build();
            }
            case "upload" -> {
                provider.enqueue(Reply.none().duringRequestBody(1_000).hold(never));
                request = request.newBuilder()
                        .post(Calls.json("{\"x\":\"" + "x".repeat(16 << 20) + "\"}"))
                        .build();
            }
            case "tls" -> {
                provider.enqueue(Reply.none().onConnect().hold(never));
                request = Calls.chat(chatUrl().replace("http:", "https:"));
            }
            case "headers" ->
                provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().hold(never));
            case "body" ->
                provider.enqueue(Reply.json(200, Calls.ANSWER).atByte(20).hold(never));
            case "backoff" -> {
                provider.enqueue(Reply.json(503, "{}").header("Retry-After", "50"));
                builder.retry(Retry.attempts(2)).on(LlmEvent.RetryScheduled.class, again -> reached.countDown());
            }
            case "token" ->
                builder.credentials(Credentials.token(provider.url("/"), () -> {
                    reached.countDown();
                    awaitTheEndOfTheTest();
                    return Token.expiringUnknown("too-late");
                }));
            case "wait" ->
                builder.aroundCall((passed, chain) -> {
                    reached.countDown();
                    chain.call().await(Duration.ofMinutes(10));
                    return chain.proceed(passed);
                });
            default -> throw new IllegalArgumentException(phase);
        }
        OkHttpClient client = whole ? wrapped(plain, builder) : withInterceptor(plain, builder);
        if (phase.equals("tls") && !whole) {
            // OkHttp by itself forgets a connection between its TCP connect and its TLS handshake.
            EventListener listener = new EventListener() {
                @Override
                public void secureConnectStart(Call call) {
                    reached.countDown();
                }
            };
            client = client.newBuilder().eventListener(listener).build();
        } else if (!UNSEEN_BY_THE_PROVIDER.contains(phase)) {
            watch(never, reached);
        }
        return client.newCall(request);
    }

    private void watch(Gate gate, CountDownLatch reached) {
        Thread thread = new Thread(() -> {
            try {
                gate.awaitReached(Duration.ofSeconds(20));
                reached.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        watching.add(thread);
        thread.start();
    }

    private void awaitTheEndOfTheTest() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns", "connect", "tls", "upload", "headers", "body", "backoff", "token", "wait"})
    void cancelEndsACallAtOnce(String phase) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Call call = call(phase, true, reached);
        CompletableFuture<String> result = Calls.inBackground(call);
        assertThat(reached.await(2, TimeUnit.MINUTES)).isTrue();
        call.cancel();
        assertEndedAtOnce(result);
        events.only(LlmEvent.CallCancelled.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "tls", "upload", "headers", "body", "backoff", "token", "wait"})
    void cancelEndsACallWithAnInterceptorOnlyAtOnceToo(String phase) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Call call = call(phase, false, reached);
        CompletableFuture<String> result = Calls.inBackground(call);
        assertThat(reached.await(2, TimeUnit.MINUTES)).isTrue();
        call.cancel();
        assertEndedAtOnce(result);
        events.only(LlmEvent.CallCancelled.class);
    }

    private void assertEndedAtOnce(CompletableFuture<String> result) {
        long before = Ticker.system().nanos();
        Throwable failure = failureOf(result);
        assertThat(Duration.ofNanos(Ticker.system().nanos() - before)).isLessThan(PROMPTLY);
        assertThat(failure).isInstanceOf(IOException.class);
        // OkHttp throws its own exception where it notices the cancellation after llmproxy has answered.
        assertThat(LlmFaultException.faultOf(failure).map(Fault::cause).orElse(FaultCause.CANCELLED))
                .isEqualTo(FaultCause.CANCELLED);
        assertThat(provider.requests().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void itIsToldFromACancellationHoweverSlowlyTheSocketCloses() {
        provider.enqueue(Reply.json(200, Calls.ANSWER).afterRequest().stall());
        OkHttpClient slow = new OkHttpClient.Builder()
                .callTimeout(Duration.ofMillis(300))
                .socketFactory(new OwnSockets(SlowlyClosing::new))
                .build();
        OkHttpClient client = wrapped(slow, onAnyMachine());
        Throwable failure = failureOf(Calls.inBackground(client.newCall(Calls.chat(chatUrl()))));
        assertThat(faultOf(failure).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
    }

    /** Lets whoever reads from the socket know that it is closed before whoever closes it. */
    private static final class SlowlyClosing extends Socket {
        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the call closes it, too, and must not wait
        public void close() throws IOException {
            boolean first = !isClosed();
            super.close();
            if (first) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    @Test
    void aListenerThatThrowsWhenACallIsCancelledEndsNoTimerOfAnother() {
        provider.always(Reply.json(200, Calls.ANSWER).atByte(20).stall());
        OkHttpClient throwing = new OkHttpClient.Builder()
                .eventListener(new EventListener() {
                    @Override
                    public void canceled(Call call) {
                        throw new IllegalStateException("the listener's own");
                    }
                })
                .build();
        OkHttpClient client = wrapped(
                throwing,
                LlmProxy.builder()
                        .integrity(Integrity.off())
                        .timeouts(Timeouts.standard().betweenBytes(Duration.ofMillis(200))));
        for (int i = 0; i < 2; i++) {
            Throwable failure = failureOf(Calls.inBackground(client.newCall(Calls.chat(chatUrl()))));
            assertThat(faultOf(failure).evidence("ended by")).hasValue("timer betweenBytes = 200 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns", "connect", "tls", "upload", "headers", "body", "token", "wait"})
    void theClientsOwnCallTimeoutEndsACallAndIsToldFromACancellation(String phase) {
        Call call = call(phase, true, new CountDownLatch(1));
        call.timeout().timeout(400, TimeUnit.MILLISECONDS);
        Fault fault = faultOf(failureOf(Calls.inBackground(call)));
        assertThat(fault.cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
        assertThat(fault.summary()).contains("400 ms");
        assertThat(events.only(LlmEvent.CallFailed.class).fault()).isEqualTo(fault);
    }

    @Test
    void theClientsOwnCallTimeoutIsKnownWithAnInterceptorOnlyToo() {
        Call call = call("headers", false, new CountDownLatch(1));
        call.timeout().timeout(400, TimeUnit.MILLISECONDS);
        assertThat(faultOf(failureOf(Calls.inBackground(call))).cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
    }

    @Test
    void theTimeoutOfTheWholeClientIsKnownToo() {
        provider.enqueue(Reply.none());
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder().callTimeout(Duration.ofMillis(300)).build(), onAnyMachine());
        Fault fault = faultOf(failureOf(Calls.enqueue(client.newCall(Calls.chat(chatUrl())))));
        assertThat(fault.cause()).isEqualTo(FaultCause.CLIENT_CALL_TIMEOUT);
    }

    @Test
    void aTimeoutOfTheClientThatNobodyLivesToSeeHidesNoDeadline() throws IOException {
        provider.enqueue(Reply.json(503, "{}").header("Retry-After", "30"));
        FakeTicker ticker = new FakeTicker();
        ticker.advance(Duration.ofDays(1));
        OkHttpClient client =
                wrapped(LlmProxy.builder().retry(Retry.attempts(2)).ticker(ticker));
        Request request = Calls.chat(chatUrl())
                .newBuilder()
                .header("X-LlmProxy-Deadline", "20s")
                .build();
        Call call = client.newCall(request);
        call.timeout().timeout(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        try (Response response = call.execute()) {
            assertThat(response.code()).isEqualTo(503);
        }
        assertThat(events.only(LlmEvent.RetryRefused.class).why()).isEqualTo(LlmEvent.RetryRefused.Why.DEADLINE);
    }

    @Test
    void aCallThatWasCancelledBeforeSendsNothing() {
        OkHttpClient client = wrapped(LlmProxy.builder());
        Call call = client.newBuilder().build().newCall(Calls.chat(chatUrl()));
        call.cancel();
        assertThatThrownBy(call::execute).isInstanceOf(IOException.class);
        assertThat(provider.connectionsOpened()).isZero();
    }

    @Test
    void aCallThatAnInterceptorBeforeCancelsSendsNothing() {
        OkHttpClient client = wrapped(
                new OkHttpClient.Builder()
                        .addInterceptor(chain -> {
                            chain.call().cancel();
                            return chain.proceed(chain.request());
                        })
                        .build(),
                LlmProxy.builder());
        assertThatThrownBy(() -> client.newCall(Calls.chat(chatUrl())).execute())
                .isInstanceOf(IOException.class);
        assertThat(provider.connectionsOpened()).isZero();
        assertThat(events.kinds()).containsExactly("CallStarted", "CallCancelled");
    }

    @Test
    void aStageThatWaitsIsWokenAndNothingIsSentAfterwards() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Call call = call("wait", true, reached);
        CompletableFuture<String> result = Calls.enqueue(call);
        assertThat(reached.await(2, TimeUnit.MINUTES)).isTrue();
        call.cancel();
        assertThat(failureOf(result)).isInstanceOf(IOException.class);
        assertThat(provider.connectionsOpened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"backoff", "token", "wait"})
    void interruptingAThreadThatWaitsEndsItsCallAndKeepsTheFlag(String phase) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Call call = call(phase, true, reached);
        Thread thread = new Thread(() -> {
            try (Response response = call.execute()) {
                flag.completeExceptionally(new AssertionError("answered: " + response));
            } catch (IOException e) {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        assertThat(reached.await(2, TimeUnit.MINUTES)).isTrue();
        thread.interrupt();
        assertThat(flag.join()).isTrue();
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void closingAResponseBeforeItsEndFreesTheConnection() throws IOException, InterruptedException {
        Gate never = new Gate();
        provider.enqueue(
                Reply.sse(Calls.CHUNK, Calls.LAST_CHUNK, "[DONE]").afterEvent(1).hold(never));
        try (Response response =
                wrapped(LlmProxy.builder()).newCall(Calls.chat(chatUrl())).execute()) {
            assertThat(response.body().source().readUtf8Line()).isNotNull();
        }
        provider.awaitConnectionsOpen(0, Duration.ofSeconds(5));
        events.only(LlmEvent.CallCancelled.class);
    }

    @Test
    void anAnswerThatArrivesAsATimerCancelsIsAFault() {
        provider.enqueue(Reply.json(200, Calls.ANSWER));
        OkHttpClient plain = new OkHttpClient.Builder()
                .addNetworkInterceptor(chain -> {
                    Response answer = chain.proceed(chain.request());
                    while (!chain.call().isCanceled()) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    return answer;
                })
                .build();
        LlmProxy.Builder builder = onAnyMachine()
                .integrity(Integrity.off())
                .timeouts(Timeouts.standard().call(Duration.ofMillis(800)));
        Call call = wrapped(plain, builder).newCall(Calls.chat(chatUrl()));
        assertThatThrownBy(() -> call.execute().close())
                .satisfies(thrown -> assertThat(LlmFaultException.faultOf(thrown))
                        .hasValueSatisfying(
                                fault -> assertThat(fault.evidence("ended by")).hasValue("timer call = 800 ms")));
    }
}
