package dev.llmproxy.micrometer;

import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.AnomalyMetric;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CacheOffered;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.event.LlmEvent.EventsDropped;
import dev.llmproxy.event.LlmEvent.FailedOver;
import dev.llmproxy.event.LlmEvent.FaultDetected;
import dev.llmproxy.event.LlmEvent.FindingDetected;
import dev.llmproxy.event.LlmEvent.HedgeEnded;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.event.LlmEvent.PauseAbsorbed;
import dev.llmproxy.event.LlmEvent.RetriesNested;
import dev.llmproxy.event.LlmEvent.RetryRefused;
import dev.llmproxy.event.LlmEvent.RetryScheduled;
import dev.llmproxy.fault.FaultCause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The meters of what happens now and then. Those whose tags have closed lists are made here, with zeros. */
final class EventMeters {
    private final Meters meters;
    private final DeploymentMeters deployments;
    private final CacheMeters cache;
    private final Timer[][] waits = new Timer[Limit.values().length][];
    private final Timer stalls;
    private final Counter dropped;
    private final DistributionSummary above;
    private final DistributionSummary below;

    EventMeters(Meters meters, DeploymentMeters deployments) {
        this.meters = meters;
        this.deployments = deployments;
        this.cache = new CacheMeters(meters);
        for (Limit limit : Limit.values()) {
            waits[limit.ordinal()] = new Timer[] {waits(meters, limit, false), waits(meters, limit, true)};
        }
        this.stalls = meters.timer(LlmMeter.LOCAL_STALLS);
        this.dropped = meters.counter(LlmMeter.EVENTS_DROPPED);
        this.above = meters.summary(LlmMeter.RETRIES_NESTED, "above");
        this.below = meters.summary(LlmMeter.RETRIES_NESTED, "below");
        addZeros();
    }

    private static Timer waits(Meters meters, Limit limit, boolean admitted) {
        return meters.timer(LlmMeter.LIMITS_WAITS, Meters.word(limit), Boolean.toString(admitted));
    }

    private void addZeros() {
        for (FaultCause cause : FaultCause.values()) {
            if (cause.kind() == FaultCause.Kind.CONDITION) {
                of(LlmMeter.CONDITIONS, cause).increment(0);
            } else {
                of(LlmMeter.FAULTS, cause).increment(0);
                of(LlmMeter.CALLS_FAILED, cause).increment(0);
            }
        }
        for (Rule rule : Rule.values()) {
            findings(rule, rule.severity()).increment(0);
        }
        for (RetryScheduled.Change change : RetryScheduled.Change.values()) {
            retries(change, false).increment(0);
            retries(change, true).increment(0);
        }
        addZeros(LlmMeter.RETRIES_SUPPRESSED, RetryRefused.Why.values());
        addZeros(LlmMeter.HEDGES, HedgeEnded.Result.values());
        addZeros(LlmMeter.ANOMALIES, AnomalyMetric.values());
    }

    private void addZeros(LlmMeter meter, Enum<?>... values) {
        for (Enum<?> value : values) {
            meters.counter(meter, Meters.word(value)).increment(0);
        }
    }

    private Counter of(LlmMeter meter, FaultCause cause) {
        return meters.counter(meter, cause.code(), Meters.word(cause.family()), Meters.word(cause.blame()));
    }

    private Counter retries(RetryScheduled.Change change, boolean mayBillTwice) {
        return meters.counter(LlmMeter.RETRIES, Meters.word(change), Boolean.toString(mayBillTwice));
    }

    private Counter findings(Rule rule, Rule.Severity severity) {
        return meters.counter(LlmMeter.FINDINGS, rule.id(), Meters.word(severity));
    }

    void onEvent(LlmEvent event) {
        // First what most calls tell, where there is a cache.
        if (event instanceof CacheLookedUp lookup) {
            cache.lookedUp(lookup);
        } else if (event instanceof CacheOffered offer) {
            cache.offered(offer);
        } else if (event instanceof LimitWaited wait) {
            waits[wait.limit().ordinal()][wait.admitted() ? 1 : 0].record(wait.waited());
        } else if (event instanceof DeploymentEjected ejected) {
            deployments.ejected(ejected);
        } else if (event instanceof DeploymentReadmitted readmitted) {
            deployments.readmitted(readmitted);
        } else {
            onRareEvent(event);
        }
    }

    private void onRareEvent(LlmEvent event) {
        if (event instanceof FaultDetected detected) {
            of(LlmMeter.FAULTS, detected.fault().cause()).increment();
        } else if (event instanceof FindingDetected found) {
            findings(found.rule(), found.severity()).increment();
        } else if (event instanceof RetryScheduled repeat) {
            retries(repeat.change(), repeat.mayBillTwice()).increment();
        } else if (event instanceof RetryRefused refused) {
            count(LlmMeter.RETRIES_SUPPRESSED, Meters.word(refused.why()));
        } else if (event instanceof RetriesNested nested) {
            (nested.above() ? above : below).record(nested.amplification());
        } else if (event instanceof FailedOver left) {
            count(LlmMeter.FAILOVERS, left.from());
        } else if (event instanceof HedgeEnded hedge) {
            count(LlmMeter.HEDGES, Meters.word(hedge.result()));
        } else if (event instanceof AnomalyDetected change) {
            count(LlmMeter.ANOMALIES, Meters.word(change.metric()));
        } else if (event instanceof ConditionDetected noticed) {
            of(LlmMeter.CONDITIONS, noticed.condition().cause()).increment((double) noticed.count());
        } else if (event instanceof PauseAbsorbed pause) {
            stalls.record(pause.late().toNanos(), TimeUnit.NANOSECONDS);
        } else if (event instanceof EventsDropped lost) {
            dropped.increment((double) lost.count());
        }
    }

    /** Counts a call that failed. */
    void callFailed(FaultCause cause) {
        of(LlmMeter.CALLS_FAILED, cause).increment();
    }

    private void count(LlmMeter meter, String value) {
        meters.counter(meter, value).increment();
    }
}
