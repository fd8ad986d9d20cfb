package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.ClientFacts;
import dev.llmproxy.chain.Diagnosis;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptStarted;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CallStarted;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmEvent.ResponseLeaked;
import dev.llmproxy.event.LlmEvent.RetriesNested;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import dev.llmproxy.event.TimedListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what slows calls down without failing them: a queue in the HTTP client, connections that are not reused, lost
 * packets, responses that are not closed, retries that multiply. Tells it by {@link LlmEvent.ConditionDetected}.
 * Thread-safe; never fails a call.
 */
public final class ConditionWatch implements TimedListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.diagnosis");
    private static final int MOST_PLACES = 256;
    private static final double STORM = 1.5;
    private static final int MOST_NEEDLESS = 2;

    private final Stalls stalls;
    private final Conditions conditions;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    // Each call is told of several times, and most go where the one before went.
    private volatile @Nullable Place last;

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
     * @param ticker the time
     * @param stalls when this process stood still
     * @param listener is told of conditions
     */
    public ConditionWatch(Ticker ticker, Stalls stalls, Consumer<LlmEvent> listener) {
        this.stalls = stalls;
        this.conditions = new Conditions(ticker, listener);
    }

    /**
     * Notes a condition that somebody else has noticed.
     *
     * @param cause what it is
     * @param place where
     * @param explained what is told of it, asked for only when it is
     */
    public void notice(FaultCause cause, String place, Supplier<Fault> explained) {
        conditions.notice(cause, place, explained);
    }

    /**
     * Returns a diagnosis that also looks for conditions in what it is asked about.
     *
     * @param diagnosis says what a failure means
     * @return the diagnosis with this watch around it
     */
    public Diagnosis around(Diagnosis diagnosis) {
        return new Diagnosis() {
            @Override
            public Fault diagnose(AttemptEvidence evidence) {
                Fault fault = diagnosis.diagnose(evidence);
                try {
                    failed(evidence);
                } catch (RuntimeException e) {
                    unjudged(e);
                }
                return fault;
            }

            @Override
            public void answered(CallInfo call, Attempt attempt) {
                diagnosis.answered(call, attempt);
                try {
                    ConditionWatch.this.answered(attempt);
                } catch (RuntimeException e) {
                    unjudged(e);
                }
            }
        };
    }

    // A condition that cannot be judged is none.
    private static void unjudged(RuntimeException e) {
        LOG.warn("The look for conditions failed; the call goes on.", e);
    }

    private void failed(AttemptEvidence evidence) {
        if (evidence.number() == 1) {
            Place place = placeOf(evidence.deployment(), evidence.origin().host());
            queued(place, evidence.client(), evidence.timing().elapsedNanos());
        }
    }

    private void answered(Attempt attempt) {
        Place place = placeOf(attempt.deployment(), attempt.url().host());
        if (attempt.number() == 1) {
            queued(place, attempt.client(), attempt.nanosBetween(Phase.QUEUE, Phase.FIRST_BYTE));
        }
        if (attempt.reached(Phase.CONNECT)) {
            connected(place, attempt);
        }
        Reuse.Churn churn = place.reuse().churn();
        if (churn != null) {
            conditions.notice(
                    FaultCause.CONNECTION_CHURN,
                    place.name(),
                    () -> TrafficConditions.churn(
                            place.name(), churn, attempt.client().load()));
        }
    }

    private void queued(Place place, ClientFacts client, long afterwards) {
        long waited = client.queuedNanos();
        if (waited > 0 && QueueCondition.isLong(waited, afterwards)) {
            conditions.notice(
                    FaultCause.DISPATCHER_QUEUE,
                    place.name(),
                    () -> client.load()
                            .map(load -> QueueCondition.explain(place, load, waited, afterwards))
                            .orElse(null));
        }
    }

    private void connected(Place place, Attempt attempt) {
        Phase next = attempt.reached(Phase.TLS) ? Phase.TLS : Phase.SEND;
        long took = attempt.nanosBetween(Phase.CONNECT, next);
        long usual = place.connects().usualNanos();
        int retransmits = took < 0 ? 0 : place.connects().retransmits(took);
        // The time of a proxy's own connect is not that of a kernel.
        if (retransmits == 0
                || attempt.connection().viaProxy()
                || stalls.within(attempt.markedAt(Phase.CONNECT), attempt.markedAt(next))) {
            return;
        }
        conditions.notice(
                FaultCause.CONNECT_RETRANSMITS,
                place.name(),
                () -> TrafficConditions.retransmits(place.name(), retransmits, took, usual));
    }

    @Override
    public void onEvent(LlmEvent event, long now) {
        if (event instanceof CallStarted started) {
            placeOf("", started.call().origin().host()).amplification().called(now);
        } else if (event instanceof AttemptStarted started) {
            began(started, now);
        } else if (event instanceof AttemptSucceeded ended) {
            Place place = placeOf(ended.call(), ended.deployment());
            place.took(Math.max(0, ended.times().nanosBetween(Phase.QUEUE, Phase.END)));
            ended(place, ended.times(), true, false, now);
        } else if (event instanceof AttemptFailed ended) {
            boolean cancelled = ended.fault().cause() == FaultCause.CANCELLED;
            ended(placeOf(ended.call(), ended.deployment()), ended.times(), cancelled, cancelled, now);
        } else if (event instanceof CallSucceeded ended && !ended.exhausted()) {
            placeOf(ended.call(), "").reuse().closedEarly();
        } else if (event instanceof ResponseLeaked leaked) {
            leaked(leaked);
        } else if (event instanceof RetriesNested nested) {
            nested(nested, now);
        }
    }

    private void began(AttemptStarted started, long now) {
        placeOf("", started.call().origin().host()).amplification().sent(1, now);
        placeOf(started.call(), started.deployment()).reuse().began(now);
    }

    private void ended(Place place, PhaseTimes times, boolean healthy, boolean cut, long now) {
        place.reuse().ended(times.reached(Phase.CONNECT), healthy && times.reached(Phase.SEND), cut, now);
    }

    private void leaked(ResponseLeaked leaked) {
        Place place = placeOf(leaked.call(), "");
        place.reuse().leaked();
        conditions.notice(
                FaultCause.RESPONSE_LEAK, place.name(), () -> TrafficConditions.leak(place.name(), leaked.age()));
    }

    private void nested(RetriesNested nested, long now) {
        Place place = placeOf(nested.call(), "");
        if (nested.above()) {
            place.amplification().repeated(now);
        } else {
            place.amplification().sent((long) nested.amplification() - 1, now);
        }
        Amplification.Counts counts = place.amplification().within(now);
        if (counts.factor() > STORM && counts.needless() > MOST_NEEDLESS) {
            conditions.notice(
                    FaultCause.RETRY_STORM,
                    place.name(),
                    () -> TrafficConditions.storm(place.name(), counts, nested.layer(), nested.remedy()));
        }
    }

    private Place placeOf(CallInfo call, String deployment) {
        return placeOf(deployment, call.origin().host());
    }

    private Place placeOf(String deployment, String host) {
        String name = deployment.isEmpty() ? host : deployment;
        Place before = last;
        return before != null && before.name().equals(name) ? before : find(name);
    }

    private Place find(String name) {
        Place known = places.get(name);
        if (known == null && places.size() >= MOST_PLACES) {
            // Of more places than that nothing is remembered.
            return new Place(name);
        }
        Place found = known == null ? places.computeIfAbsent(name, Place::new) : known;
        last = found;
        return found;
    }

    /** Returns how many places are watched. */
    @Override
    public String toString() {
        return "watch for conditions at " + places.size() + " places";
    }
}
