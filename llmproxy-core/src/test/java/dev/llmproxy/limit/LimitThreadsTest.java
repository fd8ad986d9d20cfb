package dev.llmproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.Priority;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LimitThreadsTest {
    private static final int THREADS = 16;
    private static final int CALLS = 150;
    private static final int LIMIT = 3;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private LlmResponse answer(LlmRequest request, Attempt attempt) throws IOException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Thread.onSpinWait();
        return FakeTransport.ok().to(request, attempt);
    }

    private void call(LlmProxy proxy, FakeTransport transport, SplittableRandom random) throws IOException {
        Priority[] priorities = Priority.values();
        CallOptions options = CallOptions.none()
                .priority(priorities[random.nextInt(priorities.length)])
                .tenant("tenant" + random.nextInt(3));
        try (LlmResponse response = proxy.execute(FakeTransport.chat(), options, transport)) {
            // Before the permit is given back.
            running.decrementAndGet();
            if (random.nextBoolean()) {
                response.body().readByteString();
            }
            answered.incrementAndGet();
        } catch (LlmFaultException e) {
            count(e.fault().cause());
        } catch (InterruptedIOException e) {
            // Interrupted on its way, and not in a wait.
            ended.incrementAndGet();
        }
    }

    private void count(FaultCause cause) {
        if (cause == FaultCause.OWN_LIMITS) {
            refused.incrementAndGet();
        } else {
            assertThat(cause).isEqualTo(FaultCause.CANCELLED);
            ended.incrementAndGet();
        }
    }

    @Test
    void neverMoreRunThanMayAndEveryoneGetsItsTurn() throws Exception {
        try (LlmProxy proxy = LlmProxy.builder()
                .limits(Limits.perDeployment().concurrency(LIMIT).queueFor(Duration.ofMinutes(1)))
                .build()) {
            inThreads(thread -> {
                SplittableRandom random = new SplittableRandom(thread);
                for (int i = 0; i < CALLS; i++) {
                    call(proxy, FakeTransport.answering(this::answer), random);
                }
            });
            assertThat(answered).hasValue(THREADS * CALLS);
            assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0 && use.refused() == 0);
        }
        assertThat(most.get()).isBetween(1, LIMIT);
    }

    @Test
    void whoComesWhenOthersWaitHearsOfWhatTheyWaitFor() throws Exception {
        try (LlmProxy proxy = LlmProxy.builder()
                .limits(Limits.perDeployment().requestsPerMinute(6).queueFor(Duration.ofSeconds(15)))
                .build()) {
            FakeTransport transport = FakeTransport.answering(FakeTransport.ok());
            proxy.execute(FakeTransport.chat(), CallOptions.none(), transport).close();
            Thread waiting = new Thread(
                    () -> assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport)));
            waiting.start();
            while (waiting.isAlive() && proxy.limits().get(0).waiting() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> proxy.execute(FakeTransport.chat(), CallOptions.none(), transport))
                    .asInstanceOf(type(LlmFaultException.class))
                    .extracting(e -> e.fault().summary())
                    .asString()
                    .startsWith("requestsPerMinute of https://api.openai.com is used up");
            waiting.interrupt();
            waiting.join();
        }
    }

    @Test
    void noPermitIsLostWhenWaitsAreCancelledAndInterrupted() throws Exception {
        try (LlmProxy proxy = LlmProxy.builder()
                .limits(Limits.perDeployment().concurrency(LIMIT).queueFor(Duration.ofMinutes(1)))
                .build()) {
            inThreads(thread -> {
                SplittableRandom random = new SplittableRandom(100 + thread);
                for (int i = 0; i < CALLS; i++) {
                    stormyCall(proxy, random);
                }
            });
            assertThat(proxy.limits()).allMatch(use -> use.running() == 0 && use.waiting() == 0);
            assertThat(answered.get() + ended.get()).isEqualTo(THREADS * CALLS);
            assertThat(refused).hasValue(0);
            assertThat(ended.get()).isPositive();
            call(proxy, FakeTransport.answering(this::answer), new SplittableRandom(1));
        }
    }

    // Ended by another thread at about the time at which it gets its turn.
    private void stormyCall(LlmProxy proxy, SplittableRandom random) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        FakeTransport transport = FakeTransport.answering(this::answer);
        Thread caller = Thread.currentThread();
        int kind = random.nextInt(3);
        int spins = random.nextInt(2_000);
        Thread storm = new Thread(() -> {
            started.countDown();
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            if (kind == 0) {
                caller.interrupt();
            } else if (kind == 1) {
                cancel(transport);
            }
        });
        storm.start();
        awaitThrough(started::await);
        call(proxy, transport, random);
        awaitThrough(storm::join);
        var unused = Thread.interrupted();
    }

    // The interrupt is meant for the call, and may come at any time.
    private static void awaitThrough(Wait wait) {
        boolean interrupted = false;
        while (true) {
            try {
                wait.run();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void cancel(FakeTransport transport) {
        try {
            transport.cancelByCaller();
        } catch (IllegalStateException e) {
            // It has not begun: nothing is cancelled.
        }
    }

    @FunctionalInterface
    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inThreads(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(threads.submit(() -> {
                work.run(thread);
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
}
