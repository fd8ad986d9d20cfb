package dev.llmproxy.redis;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;

/** Threads that ask questions of many tenants through a proxy, until they are closed, and look at what they get. */
final class Applications implements AutoCloseable {
    private static final int TENANTS = 5;
    private static final int QUESTIONS = 10;

    /** What no call may ever end with: a failure, or what is another's. */
    final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    private final Queue<Long> took = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final OkHttpClient client;
    private final String url;
    private volatile CountDownLatch rounds = new CountDownLatch(0);
    private volatile boolean closed;

    Applications(OkHttpClient client, String url, int count) {
        this.client = client;
        this.url = url;
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> run(random), "application-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(SplittableRandom random) {
        while (!closed) {
            String tenant = "tenant-" + random.nextInt(TENANTS);
            String question = "question-" + random.nextInt(QUESTIONS) + "!";
            long began = Ticker.system().nanos();
            try {
                String answer = Questions.ask(client, url, tenant, question);
                if (!answer.contains('"' + tenant + ' ' + question + '"')) {
                    wrong.add(new AssertionError("a foreign answer: " + answer));
                }
            } catch (Throwable e) {
                wrong.add(e);
            }
            took.add(Ticker.system().nanos() - began);
            rounds.countDown();
        }
    }

    /** Waits until so many more calls are over. */
    void await(int more) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(more);
        rounds = latch;
        if (!latch.await(2, TimeUnit.MINUTES)) {
            throw new AssertionError("hangs: " + latch.getCount() + " of " + more + " calls left, " + wrong);
        }
    }

    void forgetTimes() {
        took.clear();
    }

    /** Returns how many calls took at least as long. */
    long slowerThan(Duration time) {
        return took.stream().filter(nanos -> nanos >= time.toNanos()).count();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(60_000);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
