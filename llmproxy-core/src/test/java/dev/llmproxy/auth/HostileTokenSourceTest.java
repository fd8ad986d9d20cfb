package dev.llmproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources of tokens that hang, throw what nobody expects, or give what is over. */
@Timeout(300)
class HostileTokenSourceTest {
    private static final String BASE = "https://api.openai.com/v1";
    private static final CallOptions SHORT = CallOptions.none().deadline(Duration.ofMillis(300));

    private final RecordingListener events = new RecordingListener();
    private final SkippingTicker ticker = new SkippingTicker();
    private final AtomicInteger fetches = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<LlmProxy> proxies = new ArrayList<>();

    @AfterEach
    void everyCallHasEnded() throws InterruptedException {
        open.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        proxies.forEach(LlmProxy::close);
        events.assertBalanced();
    }

    /** Real time, of which a test can skip some. */
    private static final class SkippingTicker implements Ticker {
        private final AtomicLong skipped = new AtomicLong();

        void skip(Duration time) {
            skipped.addAndGet(time.toNanos());
        }

        @Override
        public long nanos() {
            return Ticker.system().nanos() + skipped.get();
        }

        @Override
        public Instant now() {
            return Ticker.system().now().plusNanos(skipped.get());
        }

        @Override
        public void park(long nanos) {
            Ticker.system().park(nanos);
        }

        @Override
        public Repetition repeat(String name, LongUnaryOperator work) {
            return Ticker.system().repeat(name, now -> Math.max(now, work.applyAsLong(nanos()) - skipped.get()));
        }
    }

    private LlmProxy proxyOf(TokenSource source) {
        LlmProxy proxy = LlmProxy.builder()
                .credentials(Credentials.token(BASE, source))
                .ticker(ticker)
                .listener(events)
                .build();
        proxies.add(proxy);
        return proxy;
    }

    private String tokenOf(LlmProxy proxy, CallOptions options) throws IOException {
        FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
        proxy.execute(FakeTransport.chat(), options, transport).close();
        return transport.sent().get(0).headers().get("Authorization").orElseThrow();
    }

    private Token next() {
        return Token.expiringIn("token-" + fetches.incrementAndGet(), Duration.ofHours(1));
    }

    /** Like a read from a socket without a timeout: not even an interrupt ends it. */
    private Token hang() {
        Token token = next();
        asked.countDown();
        boolean interrupted = false;
        while (open.getCount() > 0) {
            try {
                open.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return token;
    }

    private Throwable failure(LlmProxy proxy, CallOptions options) throws Exception {
        return threads.submit(() -> catchThrowable(() -> tokenOf(proxy, options)))
                .get(2, TimeUnit.MINUTES);
    }

    private static Fault faultOf(Throwable thrown) {
        return LlmFaultException.faultOf(thrown).orElseThrow(() -> new AssertionError(thrown));
    }

    @Test
    void aCallEndsAtItsDeadlineWhateverItsSourceDoes() throws Exception {
        Fault fault = faultOf(failure(proxyOf(this::hang), SHORT));
        assertThat(fault.cause()).isEqualTo(FaultCause.CALL_DEADLINE);
        assertThat(fault.summary()).contains("waiting for a token");
        assertThat(fault.evidence("source")).isPresent();
    }

    @Test
    void anInterruptEndsACallWhoseSourceHangs() throws Exception {
        LlmProxy proxy = proxyOf(this::hang);
        Future<Boolean> flag = threads.submit(() -> {
            Throwable thrown = catchThrowable(() -> tokenOf(proxy, CallOptions.none()));
            return thrown instanceof IOException && Thread.currentThread().isInterrupted();
        });
        assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
        threads.shutdownNow();
        assertThat(flag.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(events.kinds()).endsWith("CallCancelled");
    }

    @Test
    void whatASlowSourceGivesAtLastIsKeptForTheNextCall() throws Exception {
        LlmProxy proxy = proxyOf(this::hang);
        assertThat(failure(proxy, SHORT)).isNotNull();
        open.countDown();
        assertThat(tokenOf(proxy, CallOptions.none())).isEqualTo("Bearer token-1");
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aSourceThatHangsAheadOfTheEndHoldsUpNoCallForLong() throws Exception {
        LlmProxy proxy = proxyOf(() -> fetches.get() == 0 ? next() : hang());
        tokenOf(proxy, CallOptions.none());
        ticker.skip(Duration.ofMinutes(56));
        assertThat(tokenOf(proxy, CallOptions.none())).isEqualTo("Bearer token-1");
        assertThat(tokenOf(proxy, CallOptions.none())).isEqualTo("Bearer token-1");
        assertThat(fetches).hasValue(2);
        ticker.skip(Duration.ofSeconds(31));
        tokenOf(proxy, CallOptions.none());
        tokenOf(proxy, CallOptions.none());
        assertThat(fetches).hasValue(3);
    }

    @Test
    void whoeverWaitsForASourceThatHangsAsksItAnewAfterAWhile() throws Exception {
        LlmProxy proxy = proxyOf(() -> fetches.get() == 0 ? hang() : next());
        Future<String> waiting = threads.submit(() -> tokenOf(proxy, CallOptions.none()));
        assertThat(asked.await(2, TimeUnit.MINUTES)).isTrue();
        ticker.skip(Duration.ofSeconds(31));
        assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo("Bearer token-2");
    }

    @Test
    void whateverASourceThrowsIsItsFault() throws IOException {
        for (Throwable each : List.of(new StackOverflowError(), new IllegalStateException("token-0"))) {
            LlmProxy proxy = proxyOf(() -> {
                if (fetches.incrementAndGet() == 1) {
                    throwUnchecked(each);
                }
                return next();
            });
            assertThatThrownBy(() -> tokenOf(proxy, CallOptions.none()))
                    .hasMessageContaining("auth.credential-source")
                    .hasMessageNotContainingAny("token-0");
            assertThat(tokenOf(proxy, CallOptions.none())).startsWith("Bearer token-");
            fetches.set(0);
        }
    }

    private static void throwUnchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(thrown);
    }

    @Test
    void aSourceOfWhatIsOverIsNotAskedByEveryCall() throws IOException {
        LlmProxy proxy = proxyOf(
                () -> Token.expiringAt("token-" + fetches.incrementAndGet(), Instant.parse("2001-01-01T00:00:00Z")));
        for (int i = 0; i < 20; i++) {
            tokenOf(proxy, CallOptions.none());
        }
        assertThat(fetches).hasValue(1);
        ticker.skip(Duration.ofSeconds(11));
        tokenOf(proxy, CallOptions.none());
        assertThat(fetches).hasValue(2);
    }
}
