package dev.llmproxy.redis;

import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CachedAnswer;
import dev.llmproxy.chain.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that look for answers and put those that they do not find, as calls do, until it is closed. */
final class Load implements AutoCloseable {
    private static final int KEYS = 64;
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(500);

    final AtomicLong hits = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    final AtomicInteger slow = new AtomicInteger();
    /** What no call may ever see: an answer of another key, or anything but an IOException. */
    final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    final Queue<String> messages = new ConcurrentLinkedQueue<>();

    private final List<Thread> threads = new ArrayList<>();
    private final RedisStore store;
    private volatile CountDownLatch rounds = new CountDownLatch(0);
    private volatile boolean closed;

    Load(RedisStore store, int count) {
        this.store = store;
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> run(random), "load-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Waits until so many more rounds are over. */
    void await(int more) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(more);
        rounds = latch;
        if (!latch.await(2, TimeUnit.MINUTES)) {
            throw new AssertionError("hangs: " + latch.getCount() + " of " + more + " rounds left, " + messages);
        }
    }

    private void run(SplittableRandom random) {
        while (!closed) {
            CacheKey key = Samples.key(random.nextInt(KEYS));
            long began = Ticker.system().nanos();
            try {
                round(key);
            } catch (IOException e) {
                failures.incrementAndGet();
                messages.add(String.valueOf(e.getMessage()));
            } catch (Throwable e) {
                wrong.add(e);
            }
            if (Ticker.system().nanos() - began > SLOW) {
                slow.incrementAndGet();
            }
            rounds.countDown();
        }
    }

    private void round(CacheKey key) throws IOException {
        CachedAnswer right = Samples.answer(key, 900);
        Optional<CachedAnswer> found = store.get(key);
        if (found.isEmpty()) {
            store.put(key, right, Duration.ofHours(1));
        } else if (right.equals(found.get())) {
            hits.incrementAndGet();
        } else {
            wrong.add(new AssertionError("a foreign answer"));
        }
    }

    long messages(String beginning) {
        return messages.stream()
                .filter(message -> message.startsWith(beginning))
                .count();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(30_000);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
