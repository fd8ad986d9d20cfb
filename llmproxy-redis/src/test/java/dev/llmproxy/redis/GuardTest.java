package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmproxy.fake.FakeTicker;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final FakeTicker ticker = new FakeTicker();
    private final Guard guard = new Guard(ticker);

    @Test
    void letsAllIntoAServerThatAnswers() throws IOException {
        for (int i = 0; i < 10; i++) {
            guard.enter();
            guard.failed("once");
            guard.enter();
            guard.failed("twice");
            guard.enter();
            guard.succeeded();
        }
        guard.enter();
        guard.requireClosed();
    }

    @Test
    void leavesAloneAfterThreeFailuresInARow() throws IOException {
        failThreeTimes();

        assertThatThrownBy(guard::enter)
                .isInstanceOf(IOException.class)
                .hasMessage("Redis is left alone for up to 3 s: it burns");
        assertThatThrownBy(guard::requireClosed).isInstanceOf(IOException.class);
        assertThat(guard).hasToString("open: it burns");
    }

    @Test
    void letsOneTryAfterARest() throws IOException {
        failThreeTimes();
        ticker.advance(Guard.REST.minusNanos(1));
        assertThat(mayEnter()).isFalse();
        ticker.advance(Duration.ofNanos(1));

        assertThat(mayEnter()).isTrue();
        assertThat(mayEnter()).isFalse();
    }

    @Test
    void letsAllInAgainAfterATrialThatSucceeds() throws IOException {
        failThreeTimes();
        ticker.advance(Guard.REST);
        guard.enter();
        guard.succeeded();

        assertThat(mayEnter()).isTrue();
        assertThat(mayEnter()).isTrue();
        assertThat(guard).hasToString("closed");
    }

    @Test
    void restsOnceMoreAfterATrialThatFails() throws IOException {
        failThreeTimes();
        ticker.advance(Guard.REST);
        guard.enter();
        guard.failed("still");
        ticker.advance(Guard.REST.minusNanos(1));
        assertThat(mayEnter()).isFalse();
        ticker.advance(Duration.ofNanos(1));

        assertThat(mayEnter()).isTrue();
    }

    @Test
    void waitsNoLongerThanARestForATrialThatNeverEnds() throws IOException {
        failThreeTimes();
        ticker.advance(Guard.REST);
        guard.enter();
        ticker.advance(Guard.REST);

        assertThat(mayEnter()).isTrue();
        assertThat(mayEnter()).isFalse();
    }

    private void failThreeTimes() throws IOException {
        for (int i = 0; i < 3; i++) {
            guard.enter();
            guard.failed("it burns");
        }
    }

    private boolean mayEnter() {
        try {
            guard.enter();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
