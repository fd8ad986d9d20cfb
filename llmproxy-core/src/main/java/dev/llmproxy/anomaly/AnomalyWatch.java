package dev.llmproxy.anomaly;

import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.FailedOver;
import dev.llmproxy.event.LlmEvent.FindingDetected;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.event.TimedListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears the ends of attempts and what the cache has, and tells when the calls to a model at a place are no longer what they were. Nothing is
 * learned while this process stood still. Thread-safe.
 */
public final class AnomalyWatch implements TimedListener {
    private static final int MOST_SERIES = 256;
    private static final int LONGEST_MODEL = 128;
    private static final double NANOS_OF_SECOND = 1e9;
    private static final int SHARE_OF_CONSUMER = 4;
    private static final double NOT_KNOWN = -1;

    private final boolean readsRequests;
    private final Stalls stalls;
    private final Consumer<LlmEvent> listener;
    private final Map<Series.Key, Series> known = new ConcurrentHashMap<>();
    // Most calls are of the kind of the one before.
    private volatile @Nullable Series last;

    /** Knows when this process stood still. */
    @FunctionalInterface
    public interface Stalls {
        /**
         * Says whether this process stood still for a while that counts.
         *
         * @param from the beginning of the time that is looked at, in nanoseconds of the ticker
         * @param to its end
         * @return whether it did
         */
        boolean within(long from, long to);
    }

    /**
     * Constructs a watch that has seen nothing yet.
     *
     * @param readsRequests whether requests are read anyway: else models are not told apart
     * @param stalls when this process stood still
     * @param listener is told of changes
     */
    public AnomalyWatch(boolean readsRequests, Stalls stalls, Consumer<LlmEvent> listener) {
        this.readsRequests = readsRequests;
        this.stalls = stalls;
        this.listener = listener;
    }

    @Override
    public boolean hearsBeginnings() {
        return false;
    }

    @Override
    public void onEvent(LlmEvent event, long now) {
        if (event instanceof AttemptSucceeded answered) {
            answered(answered, now);
        } else if (event instanceof AttemptFailed failed) {
            failed(failed, now);
        } else if (event instanceof FindingDetected finding && finding.attempt() > 0) {
            found(finding, now);
        } else if (event instanceof FailedOver left) {
            add(of(left.call(), left.from()), AnomalyMetric.FALLBACKS, 1, now);
        } else if (event instanceof CacheLookedUp lookup && lookup.outcome() != CacheLookedUp.Outcome.BYPASS) {
            // Of the host that was asked: which deployment would have answered is not known.
            double missed = lookup.outcome() == CacheLookedUp.Outcome.MISS ? 1 : 0;
            add(of(lookup.call(), ""), AnomalyMetric.CACHE_MISSES, missed, now);
        }
    }

    private void answered(AttemptSucceeded attempt, long now) {
        Series series = of(attempt.call(), attempt.deployment());
        if (series == null || wasStalled(attempt.times(), now)) {
            return;
        }
        PhaseTimes times = attempt.times();
        long tokens = attempt.answer().outputTokens();
        double perToken = tokens > 1 && isPaceOfNetwork(attempt)
                ? seconds(times, Phase.FIRST_TOKEN, Phase.END) / (tokens - 1)
                : NOT_KNOWN;
        series.answered(seconds(times, Phase.WAIT, firstOf(times)), (double) tokens, perToken, now, listener);
    }

    private static Phase firstOf(PhaseTimes times) {
        return times.reached(Phase.FIRST_TOKEN) ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE;
    }

    // While the application pauses the answer goes on, and comes at once afterwards.
    private static boolean isPaceOfNetwork(AttemptSucceeded attempt) {
        long nanos = attempt.times().nanosBetween(Phase.FIRST_TOKEN, Phase.END);
        return nanos > 0 && attempt.consumerNanos() * SHARE_OF_CONSUMER <= nanos;
    }

    private void failed(AttemptFailed attempt, long now) {
        FaultCause cause = attempt.fault().cause();
        Series series = of(attempt.call(), attempt.deployment());
        if (series != null) {
            series.failed();
        }
        // What this side has done says nothing of the other one.
        if (cause != FaultCause.CANCELLED && !isLocal(cause) && !wasStalled(attempt.times(), now)) {
            add(series, AnomalyMetric.ERRORS, 1, now);
        }
    }

    private static boolean isLocal(FaultCause cause) {
        return cause.family() == FaultFamily.RESOURCE_EXHAUSTION && cause.code().startsWith("local.");
    }

    private void found(FindingDetected finding, long now) {
        AnomalyMetric metric = metricOf(finding.rule());
        Series series = metric == null ? null : of(finding.call(), finding.deployment());
        if (series != null && metric != null) {
            series.has(metric, now, listener);
        }
    }

    private static @Nullable AnomalyMetric metricOf(Rule rule) {
        return switch (rule) {
            case ANSWER_FINISH_LENGTH -> AnomalyMetric.TRUNCATED;
            case ANSWER_EMPTY -> AnomalyMetric.EMPTY;
            default -> null;
        };
    }

    private boolean wasStalled(PhaseTimes times, long now) {
        long lasted = times.nanosBetween(Phase.QUEUE, Phase.END);
        return stalls.within(now - Math.max(0, lasted), now);
    }

    private static double seconds(PhaseTimes times, Phase from, Phase to) {
        return times.nanosBetween(from, to) / NANOS_OF_SECOND;
    }

    private void add(@Nullable Series series, AnomalyMetric metric, double value, long now) {
        if (series != null) {
            series.add(metric, value, now, listener);
        }
    }

    private @Nullable Series of(CallInfo call, String deployment) {
        if (call.dialect().isEmpty()) {
            return null;
        }
        String place = deployment.isEmpty() ? call.origin().host() : deployment;
        String model = readsRequests ? call.model().orElse("") : "";
        boolean streaming = readsRequests && call.facts().streaming();
        Series before = last;
        return before != null && before.isOf(place, model, streaming) ? before : find(place, model, streaming);
    }

    private Series find(String place, String model, boolean streaming) {
        Series found = seriesOf(new Series.Key(place, model.length() > LONGEST_MODEL ? "" : model, streaming));
        last = found;
        return found;
    }

    Series seriesOf(Series.Key key) {
        Series found = known.get(key);
        if (found != null) {
            return found;
        }
        if (known.size() >= MOST_SERIES) {
            forgetOldest();
        }
        return known.computeIfAbsent(key, Series::new);
    }

    private void forgetOldest() {
        Series.@Nullable Key oldest = null;
        long oldestAt = Long.MAX_VALUE;
        for (Map.Entry<Series.Key, Series> entry : known.entrySet()) {
            long usedAt = entry.getValue().usedAt();
            if (usedAt < oldestAt) {
                oldestAt = usedAt;
                oldest = entry.getKey();
            }
        }
        if (oldest != null) {
            Series forgotten = known.remove(oldest);
            if (last == forgotten) {
                last = null;
            }
        }
    }

    /** Returns how many kinds of calls are watched. */
    @Override
    public String toString() {
        return "watch over " + known.size() + " kinds of calls";
    }
}
