package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fake.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class LocalHealthTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final FakeTicker ticker = new FakeTicker();
    private final FakeMachine machine = new FakeMachine();

    private LocalHealth health() {
        LocalHealth health = new LocalHealth(ticker, machine);
        ticker.advance(Duration.ofSeconds(1));
        return health;
    }

    private Span last(Duration time) {
        return new Span(ticker.nanos() - time.toNanos(), ticker.nanos());
    }

    @Test
    void aProcessThatRunsMissesNothing() {
        try (LocalHealth health = health()) {
            ticker.advance(Duration.ofMinutes(2));
            assertThat(health.stall(last(Duration.ofMinutes(2))).missed().isEmpty())
                    .isTrue();
            assertThat(health.wasStalled(0, ticker.nanos())).isFalse();
        }
    }

    @Test
    void whatItSleptThroughIsMissed() {
        try (LocalHealth health = health()) {
            ticker.freeze(Duration.ofSeconds(3));
            ticker.advance(Duration.ofSeconds(1));
            Coverage missed = health.stall(last(Duration.ofSeconds(10))).missed();
            assertThat(missed.nanos()).isBetween(3 * SECOND - Pulse.PERIOD_NANOS, 3 * SECOND);
            assertThat(missed.freeBefore(ticker.nanos())).isEqualTo(SECOND);
            assertThat(health.wasStalled(ticker.nanos() - 2 * SECOND, ticker.nanos()))
                    .isTrue();
        }
    }

    @Test
    void whatItSleptThroughBeforeIsOfNoAccount() {
        try (LocalHealth health = health()) {
            ticker.freeze(Duration.ofSeconds(3));
            ticker.advance(Duration.ofSeconds(1));
            assertThat(health.wasStalled(ticker.nanos() - SECOND, ticker.nanos()))
                    .isFalse();
            assertThat(health.stall(last(Duration.ofSeconds(1))).missed().isEmpty())
                    .isTrue();
        }
    }

    @Test
    void aCollectionThatWasNotToldYetIsAskedFor() {
        try (LocalHealth health = health()) {
            long now = ticker.nanos();
            ticker.advance(Duration.ofSeconds(1));
            machine.collect(now, now + SECOND / 4);
            Stall stall = health.stall(last(Duration.ofSeconds(1)));
            assertThat(stall.collections().nanos()).isEqualTo(SECOND / 4);
            assertThat(stall.isCollecting()).isTrue();
            assertThat(health.collectingLately()).isEqualTo(1.0 / 240);
        }
    }

    @Test
    void aPauseThatTwoHaveNoticedCountsOnce() {
        try (LocalHealth health = health()) {
            long now = ticker.nanos();
            ticker.freeze(Duration.ofSeconds(1));
            machine.collect(now, now + SECOND);
            assertThat(health.stall(last(Duration.ofSeconds(2))).missed().nanos())
                    .isEqualTo(SECOND);
        }
    }

    @Test
    void whatTheProcessorsDidIsComparedWithBefore() {
        try (LocalHealth health = health()) {
            machine.usedNanos = SECOND;
            ticker.freeze(Duration.ofSeconds(2));
            machine.usedNanos = 3 * SECOND;
            ticker.advance(Duration.ofMillis(100));
            CpuUse use = health.stall(last(Duration.ofSeconds(2))).cpu();
            assertThat(use.usedNanos()).isEqualTo(3 * SECOND);
            assertThat(use.processorsUsed()).isBetween(0.9, 1.5);
            assertThat(use.throttledNanos()).isNegative();
        }
    }

    @Test
    void theStateIsReadOnceForManyFailures() {
        try (LocalHealth health = health()) {
            Vitals first = health.vitals();
            machine.descriptors = new Gauge(7, 8);
            assertThat(health.vitals()).isSameAs(first);
            ticker.advance(Duration.ofSeconds(1));
            assertThat(health.vitals().descriptors()).isEqualTo(new Gauge(7, 8));
        }
    }

    @Test
    void itStopsWithItsOwner() {
        health().close();
        assertThat(ticker.repetitions()).isZero();
        assertThat(machine.closed).isTrue();
    }

    @Test
    void overTheTimeOfATestTheRealMachineIsNotLookedAt() {
        try (LocalHealth health = LocalHealth.open(ticker)) {
            ticker.advance(Duration.ofSeconds(1));
            assertThat(health.vitals()).isSameAs(Vitals.UNKNOWN);
        }
    }

    @Test
    void onePulseServesAllProxiesOfThisProcess() {
        LocalHealth first = LocalHealth.open(Ticker.system());
        LocalHealth second = LocalHealth.open(Ticker.system());
        assertThat(second).isSameAs(first);
        first.close();
        LocalHealth third = LocalHealth.open(Ticker.system());
        assertThat(third).isSameAs(second);
        second.close();
        third.close();
        LocalHealth anew = LocalHealth.open(Ticker.system());
        assertThat(anew).isNotSameAs(first);
        anew.close();
    }

    @Test
    void aBeatThatHasNotComeYetIsMissed() {
        StoppedTicker stopped = new StoppedTicker();
        try (LocalHealth health = new LocalHealth(stopped, machine)) {
            stopped.beat(0);
            stopped.beat(0);
            stopped.now = 2 * SECOND;
            Coverage missed = health.stall(new Span(SECOND, stopped.now)).missed();
            assertThat(missed.nanos()).isEqualTo(SECOND);
            stopped.beat(stopped.now);
            assertThat(health.stall(new Span(SECOND, stopped.now)).missed()).hasToString(missed.toString());
        }
    }

    /** Runs its work only when a test does. */
    private static final class StoppedTicker implements Ticker {
        private LongUnaryOperator work = now -> Long.MAX_VALUE;
        private long now;

        void beat(long at) {
            var unused = work.applyAsLong(at);
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void park(long nanos) {}

        @Override
        public Repetition repeat(String name, LongUnaryOperator task) {
            work = task;
            return new Repetition() {
                @Override
                public void wake() {}

                @Override
                public void close() {}
            };
        }
    }
}
