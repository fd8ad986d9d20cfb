package dev.llmproxy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private final LlmEvent event = new LlmEvent.PassedThrough("example.org", 1);

    @Test
    void whatAListenerThrowsGoesNowhere() {
        List<LlmEvent> heard = new ArrayList<>();
        List<Function<LlmEvent, Error>> errors = List.of(e -> new StackOverflowError(), e -> new AssertionError());
        List<LlmListener> all = new ArrayList<>();
        all.add(e -> {
            throw new IllegalStateException("broken listener");
        });
        errors.forEach(error -> all.add(e -> {
            throw error.apply(e);
        }));
        all.add(heard::add);
        new Listeners(all).tell(event, 0);
        assertThat(heard).containsExactly(event);
    }

    @Test
    void whoLooksAtEndsOnlyIsNotToldOfBeginnings() {
        List<LlmEvent> told = new ArrayList<>();
        List<LlmEvent> heard = new ArrayList<>();
        TimedListener ofEnds = new TimedListener() {
            @Override
            public void onEvent(LlmEvent what, long now) {
                told.add(what);
            }

            @Override
            public boolean hearsBeginnings() {
                return false;
            }
        };
        LlmEvent begun = new LlmEvent.CallStarted(call(FakeTransport.chat()));
        LlmEvent sent = new LlmEvent.AttemptStarted(call(FakeTransport.chat()), 1, "");
        Listeners listeners = new Listeners(List.of(ofEnds), List.of(heard::add));
        List.of(begun, sent, event).forEach(what -> listeners.tell(what, 0));
        assertThat(told).containsExactly(event);
        assertThat(heard).containsExactly(begun, sent, event);
    }

    @Test
    void onHearsOneKindAndOnFaultItsFaults() {
        List<Object> heard = new ArrayList<>();
        Fault fault = Fault.builder(FaultCause.REFUSED).build();
        Listeners listeners = new Listeners(
                List.of(LlmListener.on(LlmEvent.EventsDropped.class, heard::add), LlmListener.onFault(heard::add)));
        listeners.tell(event, 0);
        listeners.tell(new LlmEvent.EventsDropped(3), 0);
        listeners.tell(new LlmEvent.FaultDetected(call(FakeTransport.chat()), 1, fault), 0);
        assertThat(heard).containsExactly(new LlmEvent.EventsDropped(3), fault);
    }

    private static CallInfo call(LlmRequest request) {
        return new CallInfo("id-", 1, null, request.url().origin(), request);
    }

    @Test
    void anAsyncListenerHearsInOrderOnItsOwnThread() throws InterruptedException {
        List<LlmEvent> heard = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (Listeners listeners = new Listeners(List.of(LlmListener.async(
                e -> {
                    heard.add(e);
                    threads.add(Thread.currentThread());
                },
                100)))) {
            for (int i = 0; i < 50; i++) {
                listeners.tell(new LlmEvent.PassedThrough("host", i), 0);
            }
        }
        assertThat(heard).hasSize(50);
        assertThat(heard.get(49)).isEqualTo(new LlmEvent.PassedThrough("host", 49));
        assertThat(threads).allMatch(thread -> thread.isDaemon() && thread != Thread.currentThread());
    }

    @Test
    void aSlowAsyncListenerLosesEventsAndIsToldHowMany() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<LlmEvent> heard = new CopyOnWriteArrayList<>();
        Listeners listeners = new Listeners(List.of(LlmListener.async(
                e -> {
                    entered.countDown();
                    awaitQuietly(release);
                    heard.add(e);
                },
                2)));
        listeners.tell(event, 0);
        assertThat(entered.await(2, TimeUnit.MINUTES)).isTrue();
        for (int i = 0; i < 10; i++) {
            listeners.tell(event, 0);
        }
        release.countDown();
        listeners.close();
        assertThat(heard).contains(new LlmEvent.EventsDropped(8)).hasSize(4);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            var unused = latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closingDoesNotWaitForeverForAnAsyncListener() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Listeners listeners = new Listeners(List.of(LlmListener.async(
                e -> {
                    try {
                        never.await();
                    } catch (InterruptedException end) {
                        interrupted.countDown();
                    }
                },
                1)));
        listeners.tell(event, 0);
        listeners.close();
        assertThat(interrupted.await(2, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void anAsyncListenerKnowsTheModelAfterTheCallHasEnded() {
        List<Optional<String>> models = new CopyOnWriteArrayList<>();
        LlmRequest request = FakeTransport.chat().readBy((url, body) -> facts("gpt-4o"));
        CallInfo info = call(request);
        try (Listeners listeners = new Listeners(List.of(
                LlmListener.async(e -> models.add(((LlmEvent.OfCall) e).call().model()), 10)))) {
            listeners.tell(new LlmEvent.CallStarted(info), 0);
            info.release();
        }
        assertThat(models).containsExactly(Optional.of("gpt-4o"));
    }

    private static RequestFacts facts(String model) {
        return new RequestFacts(
                Optional.of(model), false, OptionalLong.empty(), OptionalDouble.empty(), List.of(), Embedding.none());
    }

    @Test
    void anAsyncListenerNeedsRoom() {
        assertThatThrownBy(() -> LlmListener.async(e -> {}, 0)).hasMessage("capacity: 0 (expected: > 0)");
    }

    @Test
    void aCallPrintsNothingOfItsRequest() {
        assertThat(new LlmEvent.CallStarted(call(FakeTransport.chat())).toString())
                .isEqualTo("CallStarted[call=id-1 https://api.openai.com]");
    }
}
