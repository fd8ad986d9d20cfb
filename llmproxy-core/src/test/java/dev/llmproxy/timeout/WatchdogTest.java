package dev.llmproxy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final long LATER = Duration.ofMinutes(1).toNanos();

    private final HandTicker ticker = new HandTicker();

    @Test
    void anAlarmThatIsMovedForwardWhileItIsLookedAtWakesTheWatchdog() {
        try (Watchdog watchdog = Watchdog.open(ticker)) {
            MovedAlarm alarm = new MovedAlarm(watchdog);
            watchdog.add(alarm);
            long secondRound = ticker.work.applyAsLong(0);
            alarm.movesTo = secondRound + Duration.ofMillis(100).toNanos();
            int before = ticker.wakes;
            long next = ticker.work.applyAsLong(secondRound);
            assertThat(next <= alarm.movesTo || ticker.wakes > before).isTrue();
            watchdog.remove(alarm);
        }
    }

    @Test
    void anAlarmOfACallThatBeginsWhileTheLastProxyClosesIsLookedAt() {
        Watchdog watchdog = Watchdog.open(ticker);
        watchdog.close();
        assertThat(ticker.running).isZero();
        Alarm alarm = new MovedAlarm(watchdog);
        watchdog.add(alarm);
        assertThat(ticker.running).isOne();
        watchdog.remove(alarm);
        var unused = ticker.work.applyAsLong(0);
        assertThat(ticker.running).isZero();
    }

    @Test
    void anApplicationThatBlocksWhereItIsToldOfALeakHoldsUpNoTimer() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch rung = new CountDownLatch(2);
        Alarm abandoned = new LatchAlarm(true, () -> {
            told.countDown();
            awaitUninterruptibly(open);
        });
        Alarm due = new LatchAlarm(false, rung::countDown);
        Alarm leakedToo = new LatchAlarm(true, rung::countDown);
        try (Watchdog watchdog = Watchdog.open(Ticker.system())) {
            watchdog.add(abandoned);
            assertThat(told.await(2, TimeUnit.MINUTES)).isTrue();
            watchdog.add(due);
            watchdog.add(leakedToo);
            assertThat(awaitOne(rung)).isTrue();
            watchdog.remove(due);
            open.countDown();
            assertThat(rung.await(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static boolean awaitOne(CountDownLatch latch) {
        long begun = Ticker.system().nanos();
        long longest = Duration.ofSeconds(20).toNanos();
        while (latch.getCount() == 2 && Ticker.system().nanos() - begun < longest) {
            Ticker.system().park(1_000_000);
        }
        return latch.getCount() == 1;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rings once. */
    private static final class LatchAlarm extends Alarm {
        private final boolean abandoned;
        private final Runnable action;

        LatchAlarm(boolean abandoned, Runnable action) {
            this.abandoned = abandoned;
            this.action = action;
            // Like that of a call: far away, and never not at all.
            dueAt(Ticker.system().nanos() + (abandoned ? Duration.ofHours(1).toNanos() : 0));
        }

        @Override
        boolean isAbandoned() {
            return abandoned;
        }

        @Override
        void ring(long now) {
            dueAt(Long.MAX_VALUE);
            action.run();
        }
    }

    /** Is moved by the thread of its call when the watchdog has read its due time already. */
    private static final class MovedAlarm extends Alarm {
        private final Watchdog watchdog;
        private long movesTo = LATER;

        MovedAlarm(Watchdog watchdog) {
            this.watchdog = watchdog;
            this.dueAt(LATER);
        }

        @Override
        boolean isAbandoned() {
            dueAt(movesTo);
            watchdog.wakeFor(this);
            return false;
        }

        @Override
        void ring(long now) {}
    }

    /** Runs the repeated work only when a test does, and counts who asked for it. */
    private static final class HandTicker implements Ticker {
        private LongUnaryOperator work = now -> Long.MAX_VALUE;
        private int wakes;
        private int running;

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void park(long nanos) {}

        @Override
        public Repetition repeat(String name, LongUnaryOperator repeated) {
            work = repeated;
            running++;
            return new Repetition() {
                @Override
                public void wake() {
                    wakes++;
                }

                @Override
                public void close() {
                    running--;
                }
            };
        }
    }
}
