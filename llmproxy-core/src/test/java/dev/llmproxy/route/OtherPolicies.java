package dev.llmproxy.route;

import dev.llmproxy.fault.FaultCause;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** How others choose a deployment, as their documents and sources describe it. */
final class OtherPolicies {
    private static final int ALL = SimulatedFleet.DEPLOYMENTS;
    private static final long SECOND = 1_000_000_000L;

    private OtherPolicies() {}

    private static boolean isTried(SimulatedCall call, int deployment) {
        return ((call.tried >> deployment) & 1) != 0;
    }

    /** One after the other. */
    static SimulatedPolicy roundRobin() {
        return new SimulatedPolicy() {
            private int turn;

            @Override
            public int pick(SimulatedCall call) {
                do {
                    turn = (turn + 1) % ALL;
                } while (isTried(call, turn));
                return turn;
            }

            @Override
            public void ended(SimulatedCall call) {}

            @Override
            public void failed(SimulatedCall call, FaultCause cause) {}
        };
    }

    /** The one with the fewest requests in flight. */
    static SimulatedPolicy leastRequest(SimulatedFleet time) {
        SplittableRandom random = time.random();
        int[] inFlight = new int[ALL];
        return new SimulatedPolicy() {
            @Override
            public int pick(SimulatedCall call) {
                int best = -1;
                int from = random.nextInt(ALL);
                for (int i = 0; i < ALL; i++) {
                    int next = (from + i) % ALL;
                    if (!isTried(call, next) && (best < 0 || inFlight[next] < inFlight[best])) {
                        best = next;
                    }
                }
                inFlight[best]++;
                return best;
            }

            @Override
            public void ended(SimulatedCall call) {
                inFlight[call.at]--;
            }

            @Override
            public void failed(SimulatedCall call, FaultCause cause) {
                inFlight[call.at]--;
            }
        };
    }

    /**
     * LiteLLM's simple shuffle: any that does not cool down. One does for 5 s when more than half of its calls in a minute
     * have failed, of at least five, or when one was refused with 401 or 429.
     */
    static SimulatedPolicy cooldown(SimulatedFleet time) {
        SplittableRandom random = time.random();
        long[] coolUntil = new long[ALL];
        long[] minute = new long[ALL];
        int[] failures = new int[ALL];
        int[] calls = new int[ALL];
        return new SimulatedPolicy() {
            @Override
            public int pick(SimulatedCall call) {
                int chosen = one(call, true);
                return chosen < 0 ? one(call, false) : chosen;
            }

            private int one(SimulatedCall call, boolean cool) {
                int from = random.nextInt(ALL);
                for (int i = 0; i < ALL; i++) {
                    int next = (from + i) % ALL;
                    if (!isTried(call, next) && (!cool || coolUntil[next] <= time.nanos())) {
                        return next;
                    }
                }
                return -1;
            }

            private void count(int at, int failed) {
                if (minute[at] != time.nanos() / (60 * SECOND)) {
                    minute[at] = time.nanos() / (60 * SECOND);
                    failures[at] = 0;
                    calls[at] = 0;
                }
                calls[at]++;
                failures[at] += failed;
            }

            @Override
            public void ended(SimulatedCall call) {
                count(call.at, 0);
            }

            @Override
            public void failed(SimulatedCall call, FaultCause cause) {
                count(call.at, 1);
                boolean often = calls[call.at] >= 5 && failures[call.at] * 2 > calls[call.at];
                if (often || cause == FaultCause.KEY_INVALID) {
                    coolUntil[call.at] = time.nanos() + 5 * SECOND;
                }
            }
        };
    }

    /**
     * In turn, with Resilience4j's breaker for each as it is by default: open for 60 s when half of the last hundred calls
     * have failed, then ten tries.
     */
    static SimulatedPolicy breaker(SimulatedFleet time) {
        SimulatedPolicy turns = roundRobin();
        Breaker[] breakers = new Breaker[ALL];
        for (int i = 0; i < ALL; i++) {
            breakers[i] = new Breaker();
        }
        return new SimulatedPolicy() {
            @Override
            public int pick(SimulatedCall call) {
                int next = turns.pick(call);
                for (int i = 0; i < ALL && !breakers[next].lets(time.nanos()); i++) {
                    next = turns.pick(call);
                }
                return next;
            }

            @Override
            public void ended(SimulatedCall call) {
                breakers[call.at].ended(false, time.nanos());
            }

            @Override
            public void failed(SimulatedCall call, FaultCause cause) {
                breakers[call.at].ended(true, time.nanos());
            }
        };
    }

    private static final class Breaker {
        private static final int WINDOW = 100;
        private static final int TRIES = 10;

        private final Deque<Boolean> last = new ArrayDeque<>();
        private int failures;
        private long openUntil;
        private int permits = -1;

        boolean lets(long now) {
            if (now < openUntil) {
                return false;
            }
            if (openUntil > 0 && permits < 0) {
                permits = TRIES;
                forget();
            }
            return permits < 0 || permits-- > 0;
        }

        private void forget() {
            last.clear();
            failures = 0;
        }

        void ended(boolean failed, long now) {
            if (now < openUntil) {
                return;
            }
            last.add(failed);
            failures += failed ? 1 : 0;
            int window = permits < 0 ? WINDOW : TRIES;
            if (last.size() > window) {
                failures -= last.remove() ? 1 : 0;
            }
            if (last.size() == window) {
                judge(now, window);
            }
        }

        private void judge(long now, int window) {
            boolean isBad = failures * 2 >= window;
            if (isBad) {
                openUntil = now + 60 * SECOND;
                permits = -1;
                forget();
            } else if (permits >= 0) {
                openUntil = 0;
                permits = -1;
                forget();
            }
        }
    }
}
