package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {
    @Test
    void keepsTheLastOnesInTheirOrder() {
        Ring<Integer> ring = new Ring<>(3);
        assertThat(ring.items()).isEmpty();
        for (int i = 1; i <= 5; i++) {
            ring.add(i);
        }
        assertThat(ring.items()).containsExactly(3, 4, 5);
        assertThat(ring.added()).isEqualTo(5);
    }

    @Test
    void losesNothingOfWhatThreadsAddTogether() throws InterruptedException {
        Ring<Integer> ring = new Ring<>(8 * 1_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int from = t * 1_000;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    ring.add(from + i);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ring.items()).doesNotHaveDuplicates().hasSize(8_000);
    }

    // Who has taken a place and not yet filled it leaves there what was added a round before, and who is fast comes
    // round again.
    @Test
    void showsNothingOlderThanWhatItKeepsWhileOthersAdd() throws InterruptedException {
        Ring<Integer> ring = new Ring<>(1_000);
        Thread adding = new Thread(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                ring.add(i);
            }
        });
        adding.start();
        do {
            long before = ring.added();
            assertThat(ring.items()).isSorted().allMatch(item -> item >= before - 1_000);
        } while (adding.isAlive());
        adding.join();
        assertThat(ring.items()).hasSize(1_000).endsWith(999_999);
    }
}
