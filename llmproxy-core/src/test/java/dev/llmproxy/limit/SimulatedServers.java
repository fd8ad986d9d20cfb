package dev.llmproxy.limit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * A provider with so many servers in front of one queue, and an application that calls at random moments, through a limit
 * that refuses what is too much. Virtual time in seconds.
 */
final class SimulatedServers {
    /** How long a caller waits for an answer that is of use. */
    static final double USEFUL = 0.5;

    private static final double SLICE = 0.25;
    private static final double TIMEOUT = 4;
    private static final double SHORTEST = 0.025;
    private static final double MEAN_MORE = 0.025;
    private static final double FIRST_TOKEN = 0.8;
    private static final double SPREAD = 0.5;
    private static final double MEAN_STREAM = 8;
    private static final double REFUSAL = 0.02;

    private final SplittableRandom random;
    private final Algorithm limit;
    private final Load load;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Queue<Call> queue = new ArrayDeque<>();
    private final int[] goodBySlice;
    private int busy;
    private int running;
    private double now;
    private long number;
    private int offered;
    private int refused;
    private int dropped;
    private int good;

    /** Who calls how often, and how many servers there are at each moment. Times in seconds. */
    record Load(
            double callsPerSecond,
            DoubleUnaryOperator servers,
            double countedFrom,
            double length,
            boolean streams,
            boolean refuses) {
        Load(double callsPerSecond, DoubleUnaryOperator servers, double countedFrom, double length) {
            this(callsPerSecond, servers, countedFrom, length, false, false);
        }

        /** Returns the load of a model that streams, and has a queue or refuses what does not fit. */
        Load streaming(boolean refusing) {
            return new Load(callsPerSecond, servers, countedFrom, length, true, refusing);
        }
    }

    private record Call(double arrivedAt, double first, double whole) {}

    private record Event(double at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Double.compare(at, other.at);
        }
    }

    private SimulatedServers(Algorithm limit, Load load, long seed) {
        this.limit = limit;
        this.load = load;
        this.random = new SplittableRandom(seed);
        this.goodBySlice = new int[(int) (load.length / SLICE) + 1];
    }

    static SimulatedServers run(Algorithm limit, Load load, long seed) {
        SimulatedServers run = new SimulatedServers(limit, load, seed);
        run.arrive();
        for (double t = SLICE; t < load.length; t += SLICE) {
            run.at(t, run::startNext);
        }
        for (Event next = run.events.poll(); next != null && next.at < load.length; next = run.events.poll()) {
            run.now = next.at;
            next.action.run();
        }
        return run;
    }

    private void at(double moment, Runnable action) {
        events.add(new Event(moment, number++, action));
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private void arrive() {
        at(now + exponential(1 / load.callsPerSecond), () -> {
            arrive();
            call();
        });
    }

    private boolean isCounted() {
        return now >= load.countedFrom;
    }

    private void call() {
        offered += isCounted() ? 1 : 0;
        if (running >= limit.limit()) {
            refused += isCounted() ? 1 : 0;
            return;
        }
        running++;
        Call call = arrived();
        if (load.refuses && busy >= servers()) {
            at(now + REFUSAL, this::drop);
            return;
        }
        queue.add(call);
        startNext();
    }

    private Call arrived() {
        if (!load.streams) {
            double whole = SHORTEST + exponential(MEAN_MORE);
            return new Call(now, whole, whole);
        }
        double first = FIRST_TOKEN * Math.exp(SPREAD * random.nextGaussian());
        return new Call(now, first, first + MEAN_STREAM * (0.5 + random.nextDouble()));
    }

    private int servers() {
        return (int) load.servers.applyAsDouble(now);
    }

    private void startNext() {
        while (busy < servers() && !queue.isEmpty()) {
            Call call = queue.remove();
            busy++;
            at(now + call.first, () -> firstToken(call));
            at(now + call.whole, () -> end(call));
        }
    }

    private void firstToken(Call call) {
        if (load.streams || now - call.arrivedAt < TIMEOUT) {
            limit.answered(nanos(now - call.arrivedAt), running, nanos(now));
        }
    }

    private void end(Call call) {
        busy--;
        running--;
        limit.ended(nanos(now - call.arrivedAt));
        double first = now - (call.whole - call.first) - call.arrivedAt;
        if (!load.streams && first >= TIMEOUT) {
            limit.dropped(running, nanos(now));
        }
        if (first <= USEFUL || load.streams) {
            good += isCounted() ? 1 : 0;
            goodBySlice[(int) (now / SLICE)]++;
        }
        startNext();
    }

    private void drop() {
        running--;
        dropped += isCounted() ? 1 : 0;
        limit.dropped(running, nanos(now));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * Duration.ofSeconds(1).toNanos());
    }

    int offered() {
        return offered;
    }

    int dropped() {
        return dropped;
    }

    double refusedShare() {
        return (double) refused / offered;
    }

    double goodPerSecond() {
        return good / (load.length - load.countedFrom);
    }

    /** Returns how long after a moment a whole second of answers was this good for the first time. */
    double secondsUntil(double from, double perSecond) {
        int second = (int) (1 / SLICE);
        for (int slice = (int) (from / SLICE); slice + second <= goodBySlice.length; slice++) {
            int sum = 0;
            for (int i = 0; i < second; i++) {
                sum += goodBySlice[slice + i];
            }
            if (sum >= perSecond) {
                return slice * SLICE - from;
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
