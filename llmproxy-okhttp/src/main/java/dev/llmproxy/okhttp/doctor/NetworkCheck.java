package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads something from the first request. Where that failed, one check tells of it: the one whose step it was. */
abstract class NetworkCheck implements Check {
    private static final Set<FaultCause> OF_PROXY =
            EnumSet.of(FaultCause.PROXY_AUTHENTICATION, FaultCause.PROXY_REFUSED);
    private static final Set<FaultCause> OF_LIMITS =
            EnumSet.of(FaultCause.RATE_LIMIT_REQUESTS, FaultCause.RATE_LIMIT_TOKENS, FaultCause.RATE_LIMIT_BURST);
    // The key was not judged.
    private static final Set<FaultCause> OF_PLACE =
            EnumSet.of(FaultCause.REDIRECT_REFUSED, FaultCause.REGION_BLOCKED, FaultCause.CREDENTIAL_SOURCE);

    /** A step of the first request. */
    enum Step {
        DNS,
        CONNECT,
        TLS,
        ENDPOINT,
        KEY,
        LIMITS,
        /** It came through. */
        NONE
    }

    private final Step step;

    NetworkCheck(Step step) {
        this.step = step;
    }

    /** Returns what to wait for; nothing where the answer itself is needed. */
    abstract CompletableFuture<Void> milestone(Milestones of);

    /** Judges a step that was taken. */
    abstract Finding judge(Visit visit, Milestones milestones) throws InterruptedException;

    @Override
    public final Finding examine(Visit visit) throws InterruptedException {
        if (!visit.blocked().isEmpty()) {
            return Finding.skip(name(), visit.blocked());
        }
        Exchange exchange = visit.exchange();
        Exchange.await(milestone(exchange.milestones()));
        Step failed = exchange.isDone() ? failed(visit, exchange) : Step.NONE;
        if (failed == step) {
            return failure(visit, exchange);
        }
        return failed.compareTo(step) < 0
                ? Finding.skip(name(), "the request did not come so far")
                : !exchange.milestones().hasBegun()
                        ? Finding.skip(name(), "nothing was sent")
                        : judge(visit, exchange.milestones());
    }

    /** Adds what is known beyond the diagnosis. */
    Finding failure(Visit visit, Exchange exchange) throws InterruptedException {
        return failure(name(), exchange.answer());
    }

    static Finding failure(String name, Answer answer) {
        Fault fault = answer.fault();
        return fault != null
                ? Finding.of(name, fault)
                : Finding.fail(name, "the request ended with " + answer.outcome());
    }

    /** Returns the step at which the first request failed. */
    static Step failed(Visit visit, Exchange exchange) throws InterruptedException {
        Answer answer = exchange.answer();
        Fault fault = answer.fault();
        if (answer.isSuccessful() && fault == null) {
            return Step.NONE;
        }
        if (fault != null && OF_PROXY.contains(fault.cause())) {
            return Step.CONNECT;
        }
        return answer.status() != 0
                ? byAnswer(fault)
                : byProgress(visit.base().scheme().equals("https"), exchange.milestones());
    }

    private static Step byAnswer(@Nullable Fault fault) {
        if (fault == null) {
            return Step.ENDPOINT;
        }
        if (OF_LIMITS.contains(fault.cause())) {
            return Step.LIMITS;
        }
        boolean key = fault.family() == FaultFamily.AUTHENTICATION && !OF_PLACE.contains(fault.cause());
        return key ? Step.KEY : Step.ENDPOINT;
    }

    private static Step byProgress(boolean secure, Milestones milestones) {
        if (!milestones.hasBegun()) {
            return Step.ENDPOINT;
        }
        if (!milestones.isResolved()) {
            return Step.DNS;
        }
        if (!milestones.isConnected()) {
            return Step.CONNECT;
        }
        return secure && milestones.handshake() == null ? Step.TLS : Step.ENDPOINT;
    }
}
