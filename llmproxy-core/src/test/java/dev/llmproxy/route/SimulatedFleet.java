package dev.llmproxy.route;

import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/**
 * Six deployments of one model and an application that calls them, in virtual time. The deployments are not quite as fast as
 * each other, keep the beginnings of prompts for five minutes, and have an outage.
 */
final class SimulatedFleet implements Ticker {
    static final int DEPLOYMENTS = 6;
    static final int PROMPTS = 2_000;

    private static final long NANOS = 1_000_000_000L;
    private static final long LENGTH = 420 * NANOS;
    private static final double PER_SECOND = 22;
    private static final long KEPT = 300 * NANOS;
    private static final double[] PACE = {1, 0.9, 1.1, 1, 1.2, 0.95};

    private final SimulatedOutage outage;
    private final int attempts;
    private final SimulatedPolicy policy;
    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimulatedCall> calls = new ArrayList<>();
    private final Map<Long, Long> kept = new HashMap<>();
    private final int[] answered = new int[DEPLOYMENTS];
    private long hits;
    private long count;
    private long now;

    SimulatedFleet(SimulatedOutage outage, int attempts, long seed, Function<SimulatedFleet, SimulatedPolicy> policy) {
        this.outage = outage;
        this.attempts = attempts;
        this.random = new SplittableRandom(seed);
        this.policy = policy.apply(this);
    }

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    private void after(double seconds, Runnable action) {
        events.add(new Event(now + Math.round(seconds * NANOS), count++, action));
    }

    SimulatedFleet run() {
        after(0, this::arrive);
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.at;
            next.action.run();
        }
        return this;
    }

    private void arrive() {
        SimulatedCall call = new SimulatedCall(calls.size(), random.nextInt(PROMPTS), now);
        calls.add(call);
        send(call);
        double apart = -StrictMath.log(1 - random.nextDouble()) / PER_SECOND;
        if (now < LENGTH) {
            after(apart, this::arrive);
        }
    }

    private void send(SimulatedCall call) {
        call.at = policy.pick(call);
        call.tried |= 1L << call.at;
        call.attempts++;
        int at = call.at;
        SimulatedOutage.Failure failure = outage.failure(at, now, random);
        double spread = StrictMath.exp(0.35 * gaussian());
        double tokens = StrictMath.exp(5.3 + 0.7 * gaussian());
        double first = 0.7 * spread * PACE[at] * outage.slowerToFirstToken(at, now);
        double rest = 0.02 * tokens * PACE[at] * outage.slowerTokens(at, now);
        if (failure != null) {
            after(failure.seconds(), () -> fail(call, failure));
            return;
        }
        Long until = kept.put((long) call.prompt * DEPLOYMENTS + at, now + KEPT);
        boolean isHit = until != null && until >= now;
        hits += isHit ? 1 : 0;
        answered[at]++;
        after(isHit ? first / 2 : first, () -> {
            policy.answered(call);
            after(rest, () -> {
                policy.ended(call);
                call.endedAt = now;
            });
        });
    }

    // Box and Muller's, from StrictMath: the same everywhere.
    private double gaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private void fail(SimulatedCall call, SimulatedOutage.Failure failure) {
        policy.failed(call, failure.cause());
        if (call.attempts < attempts) {
            send(call);
        } else {
            call.failed = true;
            call.endedAt = now;
        }
    }

    /** Returns the calls that began in the outage, or at the same time without one. */
    List<SimulatedCall> calls() {
        return calls.stream()
                .filter(call -> call.startedAt >= SimulatedOutage.FROM * NANOS)
                .filter(call -> call.startedAt < SimulatedOutage.TO * NANOS)
                .toList();
    }

    int all() {
        return calls.size();
    }

    long failed() {
        return calls.stream().filter(call -> call.failed).count();
    }

    /** Returns the share of the answers whose prompt began with something that the deployment still had. */
    double hits() {
        return (double) hits / calls.size();
    }

    /** Returns how many answers the busiest deployment gave for one of the mean. */
    double spread() {
        int most = 0;
        int all = 0;
        for (int each : answered) {
            most = Math.max(most, each);
            all += each;
        }
        return (double) most * DEPLOYMENTS / all;
    }

    SplittableRandom random() {
        return random.split();
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public void park(long nanos) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public Repetition repeat(String name, LongUnaryOperator work) {
        throw new IllegalStateException("nothing is repeated here: " + name + " each " + Duration.ZERO);
    }
}
