package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The algebra of spans against one that counts every nanosecond. */
class CoverageTest {
    private static final int LINE = 200;
    private static final int CASES = 500;

    private static List<Span> spans(SplittableRandom random) {
        List<Span> spans = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            int from = random.nextInt(-20, LINE);
            spans.add(new Span(from, from + random.nextInt(-3, 40)));
        }
        return spans;
    }

    private static BitSet counted(List<Span> spans) {
        BitSet bits = new BitSet();
        for (Span span : spans) {
            for (long at = span.from(); at < span.to(); at++) {
                bits.set((int) at + 1_000);
            }
        }
        return bits;
    }

    private static int longestRun(BitSet bits) {
        int longest = 0;
        for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
            longest = Math.max(longest, bits.nextClearBit(at) - at);
        }
        return longest;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void unionAndCutCountEveryNanosecondOnce(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            List<Span> some = spans(random);
            List<Span> others = spans(random);
            int from = random.nextInt(LINE);
            Span window = new Span(from, from + random.nextInt(LINE));

            BitSet expected = counted(some);
            expected.or(counted(others));
            Coverage both = Coverage.of(some).plus(Coverage.of(others));
            assertThat(both.nanos()).as("%s and %s", some, others).isEqualTo(expected.cardinality());
            assertThat(both.longestNanos()).as("%s and %s", some, others).isEqualTo(longestRun(expected));

            expected.and(counted(List.of(window)));
            assertThat(both.within(window).nanos()).as("%s in %s", both, window).isEqualTo(expected.cardinality());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8})
    void theOrderOfSpansDoesNotMatter(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            List<Span> some = spans(random);
            List<Span> reversed = new ArrayList<>(some);
            Collections.reverse(reversed);
            assertThat(Coverage.of(reversed)).hasToString(Coverage.of(some).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10, 11})
    void theRingForgetsTheOldestFirst(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Stalls stalls = new Stalls(8);
        List<Span> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int from = 20 * i;
            Span span = new Span(from, from + random.nextInt(1, 20));
            all.add(span);
            stalls.add(span.from(), span.to());
            List<Span> kept = all.subList(Math.max(0, all.size() - 8), all.size());
            Span window = new Span(random.nextInt(20 * (i + 1)), 20L * (i + 1));
            assertThat(stalls.within(window))
                    .hasToString(Coverage.of(kept).within(window).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {12, 13})
    void whatIsFreeAtTheEndIsWhatFollowsTheLastSpan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            Coverage covered = Coverage.of(spans(random));
            long end = LINE + 100;
            if (covered.isEmpty()) {
                assertThat(covered.freeBefore(end)).isEqualTo(Long.MAX_VALUE);
            } else {
                Span rest = new Span(end - covered.freeBefore(end), end);
                assertThat(covered.within(rest).isEmpty()).isTrue();
                assertThat(covered.within(new Span(rest.from() - 1, end)).nanos())
                        .isOne();
            }
        }
    }
}
