package dev.llmproxy.logging;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.AnomalyEnded;
import dev.llmproxy.event.LlmEvent.DeploymentEjected;
import dev.llmproxy.event.LlmEvent.DeploymentReadmitted;
import dev.llmproxy.event.LlmEvent.FailedOver;
import dev.llmproxy.event.LlmEvent.FellBack;
import dev.llmproxy.event.LlmEvent.KeySetAside;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes what changes at the places that calls go to: a warning where it becomes worse. */
final class EndpointLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.endpoint");

    private EndpointLog() {}

    /** Says whether an event is one of these, and writes it. */
    static boolean tells(LlmEvent event) {
        if (event instanceof FailedOver failover) {
            failedOver(failover);
        } else if (event instanceof FellBack fallback) {
            fellBack(fallback);
        } else if (event instanceof DeploymentEjected ejected) {
            ejected(ejected);
        } else if (event instanceof DeploymentReadmitted readmitted) {
            readmitted(readmitted);
        } else if (event instanceof KeySetAside key) {
            setAside(key);
        } else if (event instanceof AnomalyDetected anomaly) {
            changed(anomaly);
        } else if (event instanceof AnomalyEnded anomaly) {
            ended(anomaly);
        } else {
            return false;
        }
        return true;
    }

    // One call; whether the place is bad its state tells.
    private static void failedOver(FailedOver failover) {
        if (LOG.isInfoEnabled()) {
            Line.of(LOG, Level.INFO)
                    .with(Key.CALL, failover.call().id())
                    .with(Key.CAUSE, failover.reason().code())
                    .with(Key.DEPLOYMENT, failover.to())
                    .say(failover.call().id() + " goes on at " + failover.to() + " instead of " + failover.from()
                            + " for " + failover.reason().code());
        }
    }

    private static void fellBack(FellBack fallback) {
        if (LOG.isInfoEnabled()) {
            Line.of(LOG, Level.INFO)
                    .with(Key.CALL, fallback.call().id())
                    .with(Key.CAUSE, fallback.reason().code())
                    .with(Key.DEPLOYMENT, fallback.to())
                    .with(Key.MODEL, Redaction.ofName(fallback.model()))
                    .say(fallback.call().id() + " falls back from " + fallback.from() + " to " + fallback.to()
                            + of(fallback.model()) + " for " + fallback.reason().code());
        }
    }

    private static void ejected(DeploymentEjected ejected) {
        if (LOG.isWarnEnabled()) {
            Line.of(LOG, Level.WARN)
                    .with(Key.DEPLOYMENT, ejected.deployment())
                    .with(Key.HOST, ejected.origin().host())
                    .with(Key.MODEL, Redaction.ofName(ejected.model()))
                    .with(Key.CAUSE, ejected.reason().code())
                    .with(Key.COUNT, ejected.failures())
                    .say("no calls go to " + ejected.deployment() + of(ejected.model()) + " for "
                            + Line.time(ejected.rest()) + ": " + ejected.failures() + " failed, the last by "
                            + ejected.reason().code());
        }
    }

    private static void readmitted(DeploymentReadmitted readmitted) {
        if (LOG.isInfoEnabled()) {
            Line.of(LOG, Level.INFO)
                    .with(Key.DEPLOYMENT, readmitted.deployment())
                    .with(Key.HOST, readmitted.origin().host())
                    .with(Key.MODEL, Redaction.ofName(readmitted.model()))
                    .with(Key.DURATION_MS, readmitted.after())
                    .say(readmitted.deployment() + of(readmitted.model()) + " answers again after "
                            + Line.time(readmitted.after()));
        }
    }

    private static void setAside(KeySetAside key) {
        if (LOG.isWarnEnabled()) {
            Line.of(LOG, Level.WARN)
                    .with(Key.CALL, key.call().id())
                    .with(Key.CAUSE, key.reason().code())
                    .with(Key.HOST, key.host())
                    .say("key #" + key.key() + " of " + key.host() + " rests "
                            + key.rest().map(Line::time).orElse("until it is changed") + " for "
                            + key.reason().code());
        }
    }

    private static void changed(AnomalyDetected anomaly) {
        if (LOG.isWarnEnabled()) {
            of(Level.WARN, anomaly.place(), anomaly.model())
                    .say(Words.of(anomaly.metric()) + " at " + anomaly.place() + of(anomaly.model()) + " is "
                            + value(anomaly.present()) + " instead of " + value(anomaly.usual()) + ", seen in "
                            + anomaly.calls() + " calls");
        }
    }

    private static void ended(AnomalyEnded anomaly) {
        if (LOG.isInfoEnabled()) {
            of(Level.INFO, anomaly.place(), anomaly.model())
                    .with(Key.DURATION_MS, anomaly.lasted())
                    .say(Words.of(anomaly.metric()) + " at " + anomaly.place() + of(anomaly.model())
                            + (anomaly.stayed() ? " is usual now: " : " is as usual again: ")
                            + value(anomaly.usual()));
        }
    }

    private static Line of(Level level, String place, String model) {
        return Line.of(LOG, level).with(Key.WHERE, place).with(Key.MODEL, Redaction.ofName(model));
    }

    private static String of(String model) {
        return model.isEmpty() ? "" : " of " + Redaction.ofName(model);
    }

    private static String value(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
