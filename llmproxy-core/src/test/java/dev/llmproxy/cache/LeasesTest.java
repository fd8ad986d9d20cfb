package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.cache.CachedCalls.Got;
import dev.llmproxy.call.CacheMode;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader that asks the store whether another process is fetching the same. */
class LeasesTest {
    private final MapStore store = new MapStore();
    private final CachedCalls calls = new CachedCalls(ResponseCache.in(store));

    @AfterEach
    void close() {
        calls.listener.assertBalanced();
        calls.close();
    }

    private Duration waited() {
        return Duration.ofNanos(calls.ticker.nanos());
    }

    // Another process has it, and for so many questions it keeps it.
    private void taken(int times, MapStore.Leasing then) {
        AtomicInteger left = new AtomicInteger(times);
        store.leasing = key -> left.getAndDecrement() > 0 ? Optional.empty() : then.lease(key);
    }

    private Optional<CacheStore.Lease> grantedWithAnswer(CacheKey key) throws IOException {
        MapStore theirs = new MapStore();
        try (CachedCalls other = new CachedCalls(ResponseCache.in(theirs))) {
            other.ask(ACME, saying("theirs"));
        }
        store.answers.put(key, theirs.answers.values().iterator().next());
        return Optional.of(store.lease());
    }

    @Test
    void anAnswerIsPutBeforeItsLeaseIsClosed() throws IOException {
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(store.asked).containsExactly("get", "lease", "get", "put", "close");
    }

    @Test
    void whatWasPutMeanwhileIsNotFetched() throws IOException {
        store.leasing = this::grantedWithAnswer;
        Got got = calls.ask(ACME);
        assertThat(got.cache()).isEqualTo("hit");
        assertThat(got.body()).contains("theirs");
        assertThat(store.asked).containsExactly("get", "lease", "get", "close");
    }

    @Test
    void waitsForWhatAnotherProcessFetches() throws IOException {
        taken(5, this::grantedWithAnswer);
        assertThat(calls.ask(ACME).cache()).isEqualTo("hit");
        assertThat(store.count("lease")).isEqualTo(6);
        assertThat(waited()).isEqualTo(Duration.ofMillis(10 + 20 + 40 + 80 + 160));
    }

    @Test
    void waitsNoLongerThanTheStoreSays() throws IOException {
        store.leasing = key -> Optional.empty();
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(waited()).isEqualTo(store.patience());
    }

    @Test
    void waitsNoLongerThanHalfOfTheTimeThatIsLeft() throws IOException {
        store.leasing = key -> Optional.empty();
        assertThat(calls.ask(ACME.deadline(Duration.ofSeconds(4)), saying("a")).cache())
                .isEqualTo("miss");
        assertThat(waited()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whereTheOtherGotNothingNobodyWaitsForTheNext() throws IOException {
        taken(1, key -> Optional.of(store.lease()));
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(store.asked).containsExactly("get", "lease", "lease", "get", "close", "put");
    }

    @Test
    void aFailureGivesTheLeaseBack() {
        Throwable thrown = catchThrowable(() ->
                calls.ask(ACME, FakeTransport.failingIn(Phase.CONNECT, new ConnectException("Connection refused"))));
        assertThat(thrown).isInstanceOf(LlmFaultException.class);
        assertThat(store.asked).containsExactly("get", "lease", "get", "close");
    }

    @Test
    void aStoreThatHasFailedIsAskedForNoMore() throws IOException {
        store.failure = new IOException("down");
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(store.asked).containsExactly("get", "put");
        assertThat(waited()).isZero();
    }

    @Test
    void whatALeaseThrowsIsAMissAndACondition() throws IOException {
        store.leasing = key -> {
            throw new IllegalStateException("canary");
        };
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(calls.listener.only(ConditionDetected.class).condition().cause())
                .isEqualTo(FaultCause.STORE_UNAVAILABLE);
        assertThat(store.asked).containsExactly("get", "lease", "put");
    }

    @Test
    void aStoreThatFailsWhileItIsWaitedForEndsTheWait() throws IOException {
        taken(3, key -> {
            throw new IOException("down");
        });
        assertThat(calls.ask(ACME, saying("a")).cache()).isEqualTo("miss");
        assertThat(waited()).isEqualTo(Duration.ofMillis(10 + 20 + 40));
    }

    @Test
    void aLeaseThatThrowsWhenItIsClosedFailsNoCall() throws IOException {
        store.leasing = key -> Optional.of(() -> {
            throw new IllegalStateException("close");
        });
        assertThat(calls.ask(ACME, saying("a")).body()).contains("a");
        assertThat(calls.listener.only(ConditionDetected.class).condition().cause())
                .isEqualTo(FaultCause.STORE_UNAVAILABLE);
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsSendsNothing() {
        FakeTransport transport = new FakeTransport();
        taken(2, key -> {
            transport.cancelByCaller();
            return Optional.empty();
        });
        assertThatThrownBy(() -> calls.proxy.execute(CachedCalls.question(QUESTION), ACME, transport))
                .isInstanceOfSatisfying(
                        LlmFaultException.class,
                        e -> assertThat(e.fault().cause()).isEqualTo(FaultCause.CANCELLED));
        assertThat(transport.sent()).isEmpty();
        assertThat(store.count("lease")).isEqualTo(3);
    }

    @Test
    void aThreadThatIsInterruptedWhileItWaitsSendsNothing() {
        taken(2, key -> {
            Thread.currentThread().interrupt();
            return Optional.empty();
        });
        FakeTransport transport = new FakeTransport();
        Throwable thrown = catchThrowable(() -> calls.proxy.execute(CachedCalls.question(QUESTION), ACME, transport));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.CANCELLED);
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void anInterruptedQuestionSpeaksNotAgainstTheStore() {
        store.leasing = key -> {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        };
        Throwable thrown = catchThrowable(() -> calls.ask(ACME, saying("a")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LlmFaultException.faultOf(thrown).orElseThrow().cause()).isEqualTo(FaultCause.CANCELLED);
        assertThat(calls.listener.events(ConditionDetected.class)).isEmpty();
    }

    @Test
    void whoWantsANewAnswerOrNoSingleFlightAsksForNoLease() throws IOException {
        calls.ask(ACME.cache(CacheMode.REFRESH), saying("a"));
        try (CachedCalls each = new CachedCalls(ResponseCache.in(store).singleFlight(false))) {
            each.ask(ACME.tenant("other"), saying("b"));
        }
        assertThat(store.count("lease")).isZero();
    }
}
