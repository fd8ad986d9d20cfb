package dev.llmproxy.report;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AnomalyDetected;
import dev.llmproxy.event.LlmEvent.AnomalyEnded;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.event.LlmEvent.FaultDetected;
import dev.llmproxy.event.LlmEvent.ModelReplaced;
import dev.llmproxy.event.LlmEvent.TimeoutAdvised;
import dev.llmproxy.event.TimedListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.CallRecord;
import dev.llmproxy.report.Report.CallRecord.Outcome;
import dev.llmproxy.report.Report.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a report tells: the last 1,000 calls, and of all of them how long they took and why they failed. What it
 * keeps is bounded, and holds no prompt, no body and no key. Thread-safe.
 */
public final class Recorder implements TimedListener {
    private static final int CALLS = 1_000;
    private static final int ATTEMPTS = 2_000;

    private final Ticker ticker;
    private final boolean readsRequests;
    private final Instant since;
    private final Ring<EndedCall> calls = new Ring<>(CALLS);
    private final Ring<EndedAttempt> attempts = new Ring<>(ATTEMPTS);
    private final Ring<OtherModel> models = new Ring<>(ATTEMPTS);
    private final LatencyLedger latencies = new LatencyLedger();
    private final FaultLedger faults = new FaultLedger();
    private final FaultLedger conditions = new FaultLedger();
    private final AnomalyLedger anomalies = new AnomalyLedger();
    private final AdviceLedger advice = new AdviceLedger();
    private final Outcomes outcomes = new Outcomes();
    private final CacheLedger lookups = new CacheLedger();

    // By their ids: a call has its request until it ends, and what that asks for as long as anybody has the call.
    private record OtherModel(CallInfo.Id call, int attempt, String model) {}

    /**
     * Constructs a recorder that remembers nothing yet.
     *
     * @param ticker the time
     * @param readsRequests whether requests are read anyway: else models are not told apart
     */
    public Recorder(Ticker ticker, boolean readsRequests) {
        this.ticker = ticker;
        this.readsRequests = readsRequests;
        this.since = ticker.now();
    }

    @Override
    public boolean hearsBeginnings() {
        return false;
    }

    @Override
    public void onEvent(LlmEvent event, long now) {
        if (event instanceof AttemptSucceeded answered) {
            attempts.add(endOf(answered, now));
            latencies.answered(
                    nameOf(answered.call(), answered.deployment()), modelOf(answered.call()), answered.times());
        } else if (event instanceof CallSucceeded done) {
            outcomes.succeeded();
            calls.add(endOf(done, now));
        } else if (event instanceof AttemptFailed failed) {
            attempts.add(endOf(failed, now));
            failed(place(failed.call(), failed.deployment()), failed.fault());
        } else if (event instanceof FaultDetected detected && detected.attempt() == 0) {
            failed(place(detected.call(), ""), detected.fault());
        } else if (event instanceof ModelReplaced replaced) {
            models.add(new OtherModel(replaced.call().callId(), replaced.attempt(), replaced.model()));
        } else if (event instanceof CallFailed failed) {
            outcomes.failed();
            calls.add(endOf(failed, now));
        } else if (event instanceof CallCancelled cancelled) {
            outcomes.cancelled();
            calls.add(endOf(cancelled, now));
        } else if (event instanceof ConditionDetected found) {
            Place where = new Place(found.condition().where(), "");
            conditions.add(where, found.condition(), found.count(), ticker.now());
            advice.add(where, found.condition(), ticker.now());
        } else if (event instanceof AnomalyDetected began) {
            anomalies.began(began, ticker.now());
        } else if (event instanceof AnomalyEnded over) {
            anomalies.ended(over, ticker.now());
        } else if (event instanceof CacheLookedUp lookup) {
            lookups.add(lookup);
        } else if (event instanceof TimeoutAdvised advised) {
            advice.add(place(advised.call(), advised.deployment()), advised, ticker.now());
        }
    }

    // What the application has cancelled is no fault that somebody has to look at.
    private void failed(Place place, Fault fault) {
        if (fault.cause() != FaultCause.CANCELLED) {
            Instant now = ticker.now();
            faults.add(place, fault, 1, now);
            advice.add(place, fault, now);
        }
    }

    private RequestFacts facts(CallInfo call) {
        return readsRequests ? call.facts() : RequestFacts.none();
    }

    private Place place(CallInfo call, String deployment) {
        return Place.of(nameOf(call, deployment), modelOf(call));
    }

    private static String nameOf(CallInfo call, String deployment) {
        return deployment.isEmpty() ? call.origin().host() : deployment;
    }

    private String modelOf(CallInfo call) {
        return facts(call).model().orElse("");
    }

    private static EndedAttempt endOf(AttemptSucceeded of, long now) {
        return new EndedAttempt(
                of.call().callId(), of.attempt(), of.deployment(), "", of.status(), of.times(), null, now);
    }

    private static EndedAttempt endOf(AttemptFailed of, long now) {
        FaultCause cause = of.fault().cause();
        return new EndedAttempt(of.call().callId(), of.attempt(), of.deployment(), "", 0, of.times(), cause, now);
    }

    private EndedCall endOf(CallSucceeded of, long now) {
        return end(
                of.call(),
                now,
                Outcome.SUCCEEDED,
                of.status(),
                null,
                of.duration(),
                of.bytes(),
                of.answer(),
                of.attempts());
    }

    private EndedCall endOf(CallFailed of, long now) {
        FaultCause cause = of.fault().cause();
        return end(of.call(), now, Outcome.FAILED, 0, cause, of.duration(), 0, AnswerInfo.unknown(), of.attempts());
    }

    private EndedCall endOf(CallCancelled of, long now) {
        return end(of.call(), now, Outcome.CANCELLED, 0, null, of.duration(), 0, AnswerInfo.unknown(), of.attempts());
    }

    private EndedCall end(
            CallInfo call,
            long now,
            Outcome outcome,
            int status,
            @Nullable FaultCause cause,
            Duration duration,
            long bytes,
            AnswerInfo answer,
            int sent) {
        RequestFacts facts = facts(call);
        return new EndedCall(
                call.callId(),
                sinceEpoch(ticker.now()),
                now,
                call.origin().host(),
                call.dialect().orElse(""),
                facts.model().orElse(""),
                facts.streaming(),
                outcome,
                status,
                cause,
                duration,
                bytes,
                answer,
                sent);
    }

    // Kept in a number: an object for each of the last thousand calls is worth more than a second of 2262.
    private static long sinceEpoch(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }

    /**
     * Returns a report of what is remembered now.
     *
     * @param settings the settings in effect
     * @param deployments how the deployments of the routes are now
     * @return the report
     */
    public Report report(List<Setting> settings, List<DeploymentState> deployments) {
        // Calls that end meanwhile are counted before they are remembered, and so may be in the counts alone.
        List<CallRecord> recent = recent();
        return new Report(
                since,
                ticker.now(),
                outcomes.counts(),
                lookups.counts(),
                recent,
                faults.summaries(),
                conditions.summaries(),
                anomalies.all(),
                latencies.rows(),
                deployments,
                settings,
                advice.all());
    }

    // The calls with their attempts, which are remembered apart.
    private List<CallRecord> recent() {
        // First the calls: the attempts of each have ended before it.
        List<EndedCall> ended = calls.items();
        Map<CallInfo.Id, List<EndedAttempt>> byCall = new HashMap<>();
        for (EndedAttempt attempt : attempts.items()) {
            byCall.computeIfAbsent(attempt.call(), id -> new ArrayList<>(1)).add(attempt);
        }
        for (OtherModel other : models.items()) {
            List<EndedAttempt> known = byCall.getOrDefault(other.call(), new ArrayList<>());
            known.replaceAll(of -> of.number() == other.attempt() ? of.asking(other.model()) : of);
        }
        List<CallRecord> recent = new ArrayList<>();
        for (EndedCall call : ended) {
            recent.add(call.told(byCall.getOrDefault(call.id(), List.of())));
        }
        return recent;
    }

    /** Returns how many calls are remembered. */
    @Override
    public String toString() {
        return "recorder of " + calls.added() + " calls";
    }
}
