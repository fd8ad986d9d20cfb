package dev.llmproxy.anomaly;

import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All numbers of the calls that are alike. A change of less than half is only told while another number has changed, too:
 * of the many numbers that are watched some would seem to change by chance every day. Thread-safe; nobody is told under
 * its lock.
 */
final class Series {
    private static final double LARGE = 1.5;
    private static final AnomalyMetric[] METRICS = AnomalyMetric.values();

    private final Key key;
    private final Watched[] watched = new Watched[METRICS.length];
    private final int[] owed = new int[METRICS.length];
    private long usedAt;

    /**
     * Which calls are alike.
     *
     * @param place the name of the deployment, else the host
     * @param model the model, or empty
     * @param streaming whether they are streams
     */
    record Key(String place, String model, boolean streaming) {}

    Series(Key key) {
        this.key = key;
        for (AnomalyMetric metric : METRICS) {
            watched[metric.ordinal()] = new Watched(metric);
        }
    }

    boolean isOf(String place, String model, boolean streaming) {
        return key.streaming == streaming && key.place.equals(place) && key.model.equals(model);
    }

    synchronized long usedAt() {
        return usedAt;
    }

    void add(AnomalyMetric metric, double value, long now, Consumer<LlmEvent> listener) {
        tell(alone(metric, value, now), listener);
    }

    private synchronized List<LlmEvent> alone(AnomalyMetric metric, double value, long now) {
        return added(metric, value, now);
    }

    /**
     * Takes an attempt that was answered, under one lock for all its numbers. Those that are not positive are not known.
     *
     * @param firstToken the time to its first token in seconds, to its headers where it is no stream
     * @param tokens how many tokens were written
     * @param perToken the time of a token behind the first, in seconds
     */
    void answered(double firstToken, double tokens, double perToken, long now, Consumer<LlmEvent> listener) {
        tell(answered(firstToken, tokens, perToken, now), listener);
    }

    private synchronized List<LlmEvent> answered(double firstToken, double tokens, double perToken, long now) {
        List<LlmEvent> events = added(AnomalyMetric.FIRST_TOKEN, firstToken, now);
        events = joined(events, added(AnomalyMetric.OUTPUT_TOKENS, tokens, now));
        if (perToken > 0) {
            events = joined(events, added(AnomalyMetric.PER_TOKEN, perToken, now));
        }
        events = joined(events, added(AnomalyMetric.ERRORS, 0, now));
        events = joined(events, added(AnomalyMetric.FALLBACKS, 0, now));
        events = joined(events, without(AnomalyMetric.TRUNCATED, now));
        return joined(events, without(AnomalyMetric.EMPTY, now));
    }

    // Nearly always there are none.
    private static List<LlmEvent> joined(List<LlmEvent> events, List<LlmEvent> more) {
        if (events.isEmpty() || more.isEmpty()) {
            return events.isEmpty() ? more : events;
        }
        List<LlmEvent> all = new ArrayList<>(events);
        all.addAll(more);
        return all;
    }

    /** Takes an attempt that has something, which is known before its end is. */
    void has(AnomalyMetric metric, long now, Consumer<LlmEvent> listener) {
        synchronized (this) {
            owed[metric.ordinal()]++;
        }
        add(metric, 1, now, listener);
    }

    // Of an attempt that has ended: it has something only where that was told before.
    private List<LlmEvent> without(AnomalyMetric metric, long now) {
        if (owed[metric.ordinal()] > 0) {
            owed[metric.ordinal()]--;
            return List.of();
        }
        return added(metric, 0, now);
    }

    /** Takes an attempt that has failed after all: what was told before its end belongs to no answer. */
    synchronized void failed() {
        for (int i = 0; i < owed.length; i++) {
            owed[i] = Math.max(0, owed[i] - 1);
        }
    }

    private static void tell(List<LlmEvent> events, Consumer<LlmEvent> listener) {
        if (!events.isEmpty()) {
            events.forEach(listener);
        }
    }

    private List<LlmEvent> added(AnomalyMetric metric, double value, long now) {
        usedAt = now;
        Watched number = watched[metric.ordinal()];
        long changedAt = number.changedAt();
        boolean wasTold = number.isTold();
        Watched.Turn turn = number.add(value, now);
        if (turn == Watched.Turn.ENDED || turn == Watched.Turn.NEW_NORMAL) {
            boolean stayed = turn == Watched.Turn.NEW_NORMAL;
            return wasTold ? List.of(ended(number, now - changedAt, stayed)) : List.of();
        }
        return number.hasChanged() ? changes() : List.of();
    }

    // Of all numbers that have changed and were not told yet: a second one makes the first worth telling.
    private List<LlmEvent> changes() {
        int changed = 0;
        for (Watched number : watched) {
            changed += number.hasChanged() ? 1 : 0;
        }
        List<LlmEvent> events = new ArrayList<>(1);
        for (Watched number : watched) {
            if (number.hasChanged() && !number.isTold() && (changed > 1 || number.effect() >= LARGE)) {
                number.told();
                events.add(detected(number));
            }
        }
        return events;
    }

    private LlmEvent detected(Watched number) {
        Chart chart = number.chart();
        return new LlmEvent.AnomalyDetected(
                key.place(),
                key.model(),
                key.streaming(),
                number.metric(),
                chart.usual(),
                chart.present(),
                chart.sinceChange());
    }

    private LlmEvent ended(Watched number, long nanos, boolean stayed) {
        return new LlmEvent.AnomalyEnded(
                key.place(),
                key.model(),
                key.streaming(),
                number.metric(),
                number.chart().usual(),
                Duration.ofNanos(nanos),
                stayed);
    }
}
