package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.Diagnosis;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.dialect.RetryAfter;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Diagnoses by ordered rules, from the specific to the general: the first one that knows the case has said it. Adds to
 * each fault what is worth knowing of every one.
 */
public final class RuleDiagnosis implements Diagnosis, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.diagnosis");

    private static final List<Rule> RULES = List.of(
            AnswerRules::judge,
            LocalRules::judge,
            ResourceRules::judge,
            EndingRules::judge,
            TlsRules::judge,
            SilenceRules::judge,
            ReachRules::judge,
            BrokenConnectionRules::judge,
            StatusRules::judge);

    /** What becomes of other attempts in a diagnosis. */
    enum Peers {
        /** Each fault is looked at a second time beside them. */
        COMPARED,
        /** They are remembered, and no fault is looked at twice. */
        REMEMBERED,
        /** Each attempt is judged as if it were the first. */
        FORGOTTEN
    }

    private final Population population = new Population();

    private final @Nullable LocalHealth health;
    private final Peers peers;

    /** Constructs a diagnosis that knows nothing of other attempts yet, and never of this process. */
    public RuleDiagnosis() {
        this((LocalHealth) null);
    }

    /**
     * Constructs a diagnosis that knows nothing of other attempts yet, and watches over this process.
     *
     * @param ticker the time
     */
    public RuleDiagnosis(Ticker ticker) {
        this(LocalHealth.open(ticker));
    }

    RuleDiagnosis(@Nullable LocalHealth health) {
        this(health, Peers.COMPARED);
    }

    /** Constructs a diagnosis that may see less, so that it can be measured what each sight is worth. */
    RuleDiagnosis(@Nullable LocalHealth health, Peers peers) {
        this.health = health;
        this.peers = peers;
    }

    /**
     * Says whether this process missed so much of a time that what was measured in it tells nothing of the peer.
     *
     * @param from the beginning, in nanoseconds of the ticker
     * @param to the end
     * @return whether it stood still for 100 ms or more
     */
    public boolean wasStalled(long from, long to) {
        return health != null && health.wasStalled(from, to);
    }

    // Whatever goes wrong here must not become the application's fault: it gets the evidence instead.
    @SuppressWarnings("CatchThrowable")
    @Override
    public Fault diagnose(AttemptEvidence evidence) {
        try {
            Case of = new Case(evidence, peers == Peers.FORGOTTEN ? new Population() : population, health);
            Fault.Builder fault = exonerated(of, advised(of, judge(of)));
            Fault found = finished(evidence, fault);
            return peers == Peers.COMPARED ? PeerRules.review(of, found) : found;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            LOG.warn("The diagnosis of {} failed; its fault is unknown.", evidence, e);
            return finished(evidence, unknown(evidence));
        }
    }

    private static Fault.Builder judge(Case of) {
        for (Rule rule : RULES) {
            Fault.Builder fault = rule.judge(of);
            if (fault != null) {
                return fault;
            }
        }
        return unknown(of.evidence());
    }

    private static Fault.Builder unknown(AttemptEvidence evidence) {
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0)
                .summary("the attempt failed in phase " + evidence.timing().phase()
                        + ", and nothing that is known explains it")
                .remedy("report it with this evidence");
    }

    // What the provider says of sending it again counts more than the table.
    private static Fault.Builder advised(Case of, Fault.Builder fault) {
        if (of.answer().status() == 0) {
            return fault;
        }
        RetryAfter said = RetryAfter.of(of.answer().status(), of.answer().headers(), of.error());
        said.delay().ifPresent(fault::retryAfter);
        said.shouldRetry().ifPresent(fault::shouldRetry);
        return fault;
    }

    // Of every wait that was cut it is said why this process is not the reason.
    private static Fault.Builder exonerated(Case of, Fault.Builder fault) {
        LocalTrouble trouble = of.trouble();
        String ruledOut = trouble == null ? null : trouble.ruledOut();
        return ruledOut == null ? fault : fault.ruledOut(ruledOut);
    }

    private static Fault finished(AttemptEvidence evidence, Fault.Builder fault) {
        common(evidence, fault);
        Fault found = fault.where(where(evidence)).build();
        return mayHaveBilled(evidence, found.cause())
                ? fault.mayHaveBilled(true).build()
                : found;
    }

    private static String where(AttemptEvidence evidence) {
        return evidence.origin().host()
                + evidence.model().map(model -> " " + Redaction.ofName(model)).orElse("")
                + (evidence.deployment().isEmpty() ? "" : " at " + evidence.deployment())
                + " attempt " + evidence.number();
    }

    private static void common(AttemptEvidence evidence, Fault.Builder fault) {
        fault.evidence("call", evidence.call().id());
        fault.evidence("phase", evidence.timing().phase());
        fault.evidence("elapsed", Units.time(evidence.timing().elapsedNanos()));
        evidence.failure()
                .ifPresent(
                        thrown -> fault.evidence("exception", thrown.getClass().getName()));
        if (evidence.timing().reached(Phase.FIRST_BYTE)) {
            fault.evidence("received", Units.bytes(evidence.answer().bytesReceived()));
        }
        usual(evidence, fault);
        ClientEvidence.add(evidence, fault);
        evidence.request().signature().ifPresent(signature -> fault.evidence("key", "#" + signature.fingerprint()));
        evidence.request().alteration().ifPresent(what -> fault.evidence("changed behind llmproxy", what));
        if (evidence.request().wireAttempts() > 1) {
            fault.evidence("sent on the wire", evidence.request().wireAttempts() + " times");
        }
    }

    // Of a failure in time only: what is usual explains nothing else.
    private static void usual(AttemptEvidence evidence, Fault.Builder fault) {
        if (evidence.ending().flatMap(Ending::budget).isEmpty()
                && !(evidence.failure().orElse(null) instanceof SocketTimeoutException)) {
            return;
        }
        Usual usual = evidence.usual();
        if (usual.isKnown()) {
            fault.evidence("usual", UsualText.of(usual, evidence.call().facts().streaming()));
        }
    }

    // The table knows the upper bound; what was not sent was not billed.
    private static boolean mayHaveBilled(AttemptEvidence evidence, FaultCause cause) {
        if (cause.billed() == FaultCause.Billed.NEVER) {
            return false;
        }
        return evidence.timing().reached(Phase.SEND)
                || evidence.timing().reached(Phase.WAIT)
                || evidence.timing().reached(Phase.FIRST_BYTE)
                || evidence.request().bytesSent() > 0;
    }

    @Override
    public void answered(CallInfo call, Attempt attempt) {
        population.answered(call, attempt);
    }

    /** Stops watching over this process; the pulse ends with the last diagnosis that is open. */
    @Override
    public void close() {
        if (health != null) {
            health.close();
        }
    }
}
