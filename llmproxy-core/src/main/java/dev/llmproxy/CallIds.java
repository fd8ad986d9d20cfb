package dev.llmproxy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Gives ids to calls: a prefix of its own for each proxy, and a count. Short, because they stand in every log line. */
final class CallIds {
    private static final int RADIX = 36;
    private static final int PREFIXES = RADIX * RADIX * RADIX * RADIX;

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    CallIds(RandomGenerator random) {
        String drawn = Integer.toString(random.nextInt(PREFIXES), RADIX);
        this.prefix = "0".repeat(4 - drawn.length()) + drawn + '-';
    }

    String prefix() {
        return prefix;
    }

    long next() {
        return count.incrementAndGet();
    }
}
