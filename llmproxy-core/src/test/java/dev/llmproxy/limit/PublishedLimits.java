package dev.llmproxy.limit;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The limits that are published, with the constants of Netflix concurrency-limits 0.5: written down here to be compared
 * with, and not used otherwise.
 */
final class PublishedLimits {
    private static final int LEAST = 1;

    private PublishedLimits() {}

    /** What all of them have: a limit, and what is added up in a window. */
    private abstract static class Base implements Algorithm {
        final int most;
        double limit;

        Base(int initial, int most) {
            this.most = most;
            this.limit = initial;
        }

        @Override
        public int limit() {
            return (int) limit;
        }

        void set(double next) {
            limit = Math.max(LEAST, Math.min(most, next));
        }
    }

    /** Adds one for an answer while it is used, and takes a tenth for one that is dropped. */
    static Algorithm aimd(int most) {
        return new Base(20, most) {
            @Override
            public void answered(long nanos, int running, long now) {
                if (running * 2 >= limit) {
                    set((int) limit + 1);
                }
            }

            @Override
            public void dropped(int running, long now) {
                set((int) (limit * 0.9));
            }
        };
    }

    /** Keeps the queue that the best time and the present one speak for between two bounds. */
    static Algorithm vegas(int most) {
        return new Vegas(most);
    }

    private static final class Vegas extends Base {
        private static final int PROBE_MULTIPLIER = 30;
        private final SplittableRandom random = new SplittableRandom(7);
        private long best;
        private int count;
        private double jitter = 0.75;

        Vegas(int most) {
            super(20, most);
        }

        @Override
        public void answered(long nanos, int running, long now) {
            if (++count >= jitter * PROBE_MULTIPLIER * limit) {
                jitter = random.nextDouble(0.5, 1);
                count = 0;
                best = nanos;
                return;
            }
            if (best == 0 || nanos < best) {
                best = nanos;
                return;
            }
            if (running * 2 < limit) {
                return;
            }
            int queue = (int) Math.ceil(limit * (1 - (double) best / nanos));
            int log = log10((int) limit);
            if (queue <= log) {
                set(limit + 6.0 * log);
            } else if (queue < 3 * log) {
                set(limit + log);
            } else if (queue > 6 * log) {
                set(limit - log);
            }
        }

        private static int log10(int number) {
            return Math.max(1, (int) Math.log10(number));
        }

        @Override
        public void dropped(int running, long now) {
            set(limit - log10((int) limit));
        }
    }

    /** Follows the ratio of a long average of the times to the present one. */
    static Algorithm gradient2(int most) {
        return new Gradient2(most);
    }

    private static final class Gradient2 extends Base {
        private static final double SMOOTHING = 0.2;
        private static final double TOLERANCE = 1.5;
        private static final int QUEUE = 4;
        private static final int WARM_UP = 10;
        private static final double WINDOW = 2.0 / (600 + 1);
        private static final int FEWEST = 20;
        private double longTime;
        private double sum;
        private int count;

        Gradient2(int most) {
            super(20, most);
        }

        @Override
        public void answered(long nanos, int running, long now) {
            if (count < WARM_UP) {
                count++;
                sum += nanos;
                longTime = sum / count;
            } else {
                longTime = longTime * (1 - WINDOW) + nanos * WINDOW;
            }
            if (longTime / nanos > 2) {
                longTime *= 0.95;
            }
            if (running < limit / 2) {
                return;
            }
            double gradient = Math.max(0.5, Math.min(1, TOLERANCE * longTime / nanos));
            double next = limit * gradient + QUEUE;
            set(Math.max(FEWEST, limit * (1 - SMOOTHING) + next * SMOOTHING));
        }

        @Override
        public void dropped(int running, long now) {
            // It does not look at what is dropped.
        }
    }

    /** Hands the mean time of a second on, or of what comes in it. */
    static Algorithm windowed(Algorithm inner) {
        return new Windowed(inner);
    }

    private static final class Windowed implements Algorithm {
        private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
        private static final int SAMPLES = 10;
        private final Algorithm inner;
        private long next;
        private long sum;
        private long best = Long.MAX_VALUE;
        private int samples;
        private int peak;

        Windowed(Algorithm inner) {
            this.inner = inner;
        }

        @Override
        public int limit() {
            return inner.limit();
        }

        @Override
        public void answered(long nanos, int running, long now) {
            sum += nanos;
            best = Math.min(best, nanos);
            samples++;
            peak = Math.max(peak, running);
            if (now > next) {
                if (samples >= SAMPLES) {
                    inner.answered(sum / samples, peak, now);
                }
                next = now + Math.max(SHORTEST, Math.min(2 * best, SHORTEST));
                sum = 0;
                best = Long.MAX_VALUE;
                samples = 0;
                peak = 0;
            }
        }

        @Override
        public void dropped(int running, long now) {
            inner.dropped(running, now);
        }
    }
}
