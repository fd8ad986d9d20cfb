package dev.llmproxy.cache;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Transport;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider behind a client that sends beside its calls, too; it answers nobody before all have asked. */
final class HeldProvider implements Transport {
    final AtomicInteger sent = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final FakeTransport.Answer answer;
    private final List<Thread> callers = new ArrayList<>();

    HeldProvider(FakeTransport.Answer answer) {
        this.answer = answer;
    }

    /** Asks on a thread of its own, and returns what it reads. */
    CompletableFuture<String> ask(LlmProxy proxy, LlmRequest request, CallOptions options, String thread) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try (LlmResponse response = proxy.execute(request, options, this)) {
                        text.complete(response.body().readUtf8());
                    } catch (IOException | RuntimeException | Error e) {
                        text.completeExceptionally(e);
                    }
                },
                thread);
        caller.setDaemon(true);
        callers.add(caller);
        caller.start();
        return text;
    }

    /** Waits until all callers wait, and lets the provider answer. */
    void open() {
        long until = Ticker.system().nanos() + Duration.ofSeconds(30).toNanos();
        while (!callers.stream().allMatch(HeldProvider::waits)
                && Ticker.system().nanos() - until < 0) {
            Ticker.system().park(100_000);
        }
        gate.countDown();
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Override
    public LlmResponse send(LlmRequest request, Attempt attempt) throws IOException {
        sent.incrementAndGet();
        attempt.mark(Phase.SEND);
        attempt.mark(Phase.WAIT);
        try {
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody has opened the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        return answer.to(request, attempt);
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean announcesCancellation() {
        return true;
    }

    @Override
    public void cancel() {
        gate.countDown();
    }

    @Override
    public Optional<Transport> detach() {
        return Optional.of(this);
    }
}
