package dev.llmproxy.cache;

import static dev.llmproxy.cache.CachedCalls.ACME;
import static dev.llmproxy.cache.CachedCalls.QUESTION;
import static dev.llmproxy.cache.CachedCalls.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefreshesTest {
    private static final ResponseCache CACHE =
            ResponseCache.inMemory(1 << 20).staleWhileRevalidate(Duration.ofHours(1));

    private static Transport detaching(Transport detached) {
        return new Transport() {
            @Override
            public LlmResponse send(LlmRequest request, Attempt attempt) {
                throw new AssertionError("sent by the call");
            }

            @Override
            public Optional<Transport> detach() {
                return Optional.of(detached);
            }
        };
    }

    @Test
    void anOldAnswerIsHandedOutWhileANewOneIsFetched() throws Exception {
        CountDownLatch ended = new CountDownLatch(3);
        try (CachedCalls calls = new CachedCalls(
                CACHE, builder -> builder.on(LlmEvent.CallSucceeded.class, event -> ended.countDown()))) {
            calls.ask(ACME, saying("old"));
            calls.ticker.advance(Duration.ofMinutes(90));
            FakeTransport fetching = FakeTransport.answering(saying("new"));
            LlmRequest request = CachedCalls.question(QUESTION);
            try (LlmResponse stale = calls.proxy.execute(request, ACME, detaching(fetching))) {
                assertThat(stale.headers().get("X-LlmProxy-Cache")).contains("stale");
                assertThat(stale.body().readUtf8()).contains("old");
            }
            assertThat(ended.await(2, TimeUnit.MINUTES)).isTrue();
            assertThat(calls.ask(ACME).body()).contains("new");
            calls.listener.assertBalanced();
        }
    }

    @Test
    void whereTheClientCannotSendBesideACallTheCallWaits() throws IOException {
        try (CachedCalls calls = new CachedCalls(CACHE)) {
            calls.ask(ACME, saying("old"));
            calls.ticker.advance(Duration.ofMinutes(90));
            assertThat(calls.ask(ACME, saying("new")).cache()).isEqualTo("miss");
        }
    }

    @Test
    void aFetchThatHangsIsGivenUp() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        Transport hanging = new Transport() {
            @Override
            public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
                attempt.mark(Phase.SEND);
                attempt.mark(Phase.WAIT);
                sending.countDown();
                try {
                    ended.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                throw new IOException("Canceled");
            }

            @Override
            public boolean isCancelled() {
                return ended.getCount() == 0;
            }

            @Override
            public void cancel() {
                ended.countDown();
            }
        };
        try (CachedCalls calls = new CachedCalls(
                CACHE, builder -> builder.on(LlmEvent.CallFailed.class, event -> givenUp.countDown()))) {
            calls.ask(ACME, saying("old"));
            calls.ticker.advance(Duration.ofMinutes(90));
            LlmRequest request = CachedCalls.question(QUESTION);
            calls.proxy.execute(request, ACME, detaching(hanging)).close();
            assertThat(sending.await(2, TimeUnit.MINUTES)).isTrue();
            calls.ticker.advance(Duration.ofSeconds(119));
            assertThat(ended.getCount()).isEqualTo(1);
            calls.ticker.advance(Duration.ofSeconds(2));
            assertThat(givenUp.await(2, TimeUnit.MINUTES)).isTrue();
            assertThat(calls.listener.faults()).last().matches(fault -> fault.cause() == FaultCause.CALL_DEADLINE);
        }
    }
}
