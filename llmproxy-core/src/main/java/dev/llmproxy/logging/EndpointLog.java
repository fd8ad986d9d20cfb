package dev.llmproxy.logging;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.AnomalyEnded;
import dev.llmproxy.event.LlmEvent.FailedOver;
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
