package dev.llmproxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fake.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private final FakeTicker ticker = new FakeTicker();
    private final Folds folds = new Folds(ticker);
    private final List<String> told = new ArrayList<>();

    private void note(String subject, String what) {
        folds.note(subject, 1, count -> told.add(what + " x" + count));
    }

    @Test
    void theLastOfThoseThatWereFoldedIsTold() {
        note("a", "first");
        note("a", "second");
        ticker.advance(Duration.ofSeconds(30));
        note("a", "third");
        ticker.advance(Duration.ofSeconds(30));
        folds.look();
        folds.look();
        assertThat(told).containsExactly("first x1", "third x2");
    }

    @Test
    void eachSubjectHasItsOwnMinute() {
        note("a", "a");
        note("a", "a");
        ticker.advance(Duration.ofSeconds(30));
        note("b", "b");
        note("b", "b");
        ticker.advance(Duration.ofSeconds(30));
        folds.look();
        assertThat(told).containsExactly("a x1", "b x1", "a x1");
        ticker.advance(Duration.ofSeconds(30));
        folds.look();
        assertThat(told).containsExactly("a x1", "b x1", "a x1", "b x1");
    }

    @Test
    void whatWasToldStartsAMinuteOfItsOwn() {
        note("a", "a");
        note("a", "a");
        ticker.advance(Duration.ofSeconds(60));
        folds.look();
        note("a", "a");
        assertThat(told).hasSize(2);
        ticker.advance(Duration.ofSeconds(60));
        note("a", "a");
        assertThat(told).containsExactly("a x1", "a x1", "a x2");
    }

    @Test
    void noneIsLostOnSeveralThreads() throws InterruptedException {
        AtomicLong sum = new AtomicLong();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                awaitGo(go);
                for (int k = 0; k < 1_000; k++) {
                    folds.note(k % 3, 1, sum::addAndGet);
                    ticker.advance(Duration.ofMillis(100));
                    folds.look();
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        ticker.advance(Duration.ofMinutes(1));
        folds.look();
        assertThat(sum).hasValue(4_000);
    }

    private static void awaitGo(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
