package dev.llmproxy.logging;

import dev.llmproxy.dialect.Rule;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.LlmEvent.CredentialWithheld;
import dev.llmproxy.event.LlmEvent.EventsDropped;
import dev.llmproxy.event.LlmEvent.FaultDetected;
import dev.llmproxy.event.LlmEvent.FindingDetected;
import dev.llmproxy.event.LlmEvent.PassedThrough;
import dev.llmproxy.event.LlmEvent.PauseAbsorbed;
import dev.llmproxy.event.LlmEvent.ResponseLeaked;
import dev.llmproxy.event.LlmEvent.RetriesNested;
import dev.llmproxy.event.LlmEvent.TimeoutAdvised;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Warns of what is wrong: each cause, and each rule that an answer has broken, at most once a minute, with the number of
 * times. Thread-safe.
 */
final class FindingLog implements LlmListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.finding");

    private final Folds folds;

    FindingLog(Folds folds) {
        this.folds = folds;
    }

    /** Warns of what was folded and is due. */
    void look() {
        folds.look();
    }

    @Override
    public void onEvent(LlmEvent event) {
        if (event instanceof FaultDetected detected) {
            fault(detected.call().id(), detected.fault());
        } else if (event instanceof FindingDetected finding) {
            finding(finding);
        } else if (event instanceof ConditionDetected detected) {
            fold(detected.condition().cause(), detected.count(), count -> warn("", detected.condition(), count));
        } else if (event instanceof TimeoutAdvised advice) {
            advised(advice);
        } else {
            other(event);
        }
    }

    private void other(LlmEvent event) {
        if (event instanceof RetriesNested nested) {
            warn(nested, nested.call().id(), nested.layer() + " repeats calls, too: " + nested.remedy());
        } else if (event instanceof ResponseLeaked leaked) {
            warn(
                    leaked,
                    leaked.call().id(),
                    "a response was dropped " + Line.time(leaked.age()) + " after its call began, and not closed");
        } else if (event instanceof PauseAbsorbed pause) {
            warn(pause, pause.call().id(), "this process stood still: a timer was late by " + Line.time(pause.late()));
        } else if (event instanceof CredentialWithheld withheld) {
            warn(withheld, "", "no key was added for " + withheld.host() + ": " + withheld.reason());
        } else if (event instanceof EventsDropped dropped) {
            warn(dropped, "", "a listener is too slow: " + dropped.count() + " events were dropped");
        } else if (event instanceof PassedThrough passed) {
            warn(passed, "", "a WebSocket or duplex call to " + passed.host() + " is not watched");
        }
    }

    private void fault(String call, Fault fault) {
        // What the application has ended itself is nothing to be warned of.
        if (fault.cause() != FaultCause.CANCELLED) {
            fold(fault.cause(), 1, count -> warn(call, fault, count));
        }
    }

    private static void warn(String call, Fault fault, long count) {
        String remedy =
                fault.remedies().isEmpty() ? "" : fault.remedies().get(0).toString();
        Line.of(LOG, Level.WARN)
                .with(Key.CALL, call)
                .with(Key.CAUSE, fault.cause().code())
                .with(Key.BLAME, Words.of(fault.blame()))
                .with(Key.CONFIDENCE, fault.confidence())
                .with(Key.WHERE, fault.where())
                .with(Key.REMEDY, remedy)
                .with(Key.PAGE, fault.cause().page())
                .with(Key.COUNT, count)
                .say(fault.cause().code() + times(count)
                        + (fault.where().isEmpty() ? "" : " at " + fault.where()) + ": " + fault.summary()
                        + (remedy.isEmpty() ? "" : "; do: " + remedy));
    }

    private void finding(FindingDetected finding) {
        if (finding.severity() == Rule.Severity.INFO) {
            return;
        }
        fold(
                finding.rule(),
                1,
                count -> Line.of(LOG, Level.WARN)
                        .with(Key.CALL, finding.call().id())
                        .with(Key.ATTEMPT, finding.attempt())
                        .with(Key.DEPLOYMENT, finding.deployment())
                        .with(Key.RULE, finding.rule().id())
                        .with(Key.COUNT, count)
                        .say(finding.rule().id() + times(count) + ", " + Words.of(finding.severity()) + ", in "
                                + finding.call().id() + ": " + finding.detail()));
    }

    // Told seldom already, and nothing is wrong yet.
    private static void advised(TimeoutAdvised advice) {
        if (LOG.isInfoEnabled()) {
            Line.of(LOG, Level.INFO)
                    .with(Key.CALL, advice.call().id())
                    .with(Key.DEPLOYMENT, advice.deployment())
                    .with(Key.COUNT, advice.samples())
                    .say("Timeouts." + advice.setting() + " is " + advice.budget()
                            + ", 99 of 100 answers take no longer"
                            + " than " + Line.time(advice.usual()) + ": "
                            + (advice.followed() ? "followed by " : "set it to ") + advice.advised());
        }
    }

    private void warn(LlmEvent event, String call, String sentence) {
        fold(
                event.getClass(),
                1,
                count -> Line.of(LOG, Level.WARN)
                        .with(Key.CALL, call)
                        .with(Key.COUNT, count)
                        .say(sentence + times(count)));
    }

    private void fold(Object subject, long count, Folds.Told told) {
        if (LOG.isWarnEnabled()) {
            folds.note(subject, count, told);
        }
    }

    private static String times(long count) {
        return count == 1 ? "" : " (" + count + " times)";
    }

    @Override
    public String toString() {
        return "log of findings";
    }
}
