package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.TimingEvidence;
import dev.llmproxy.chain.Usual;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;

/** An answer that did not begin, or stopped: whether that was too long is judged by what is usual for its model. */
final class AnswerSilence {
    private static final int GAPS = 3;

    private AnswerSilence() {}

    /** Judges an answer of which nothing that counts had come after this time. */
    static Fault.Builder beforeFirst(Case of, Budget budget, long nanos) {
        long limit = SilenceRules.limit(of, budget, nanos);
        Usual usual = of.evidence().usual();
        String waited = waited(of, nanos);
        if (usual.isKnown()) {
            return usual.isTooShort(limit)
                    ? tooShort(of, budget, waited, usual.firstInPlaceOf(limit))
                    : tooLong(of, budget, waited, limit);
        }
        HostMemory peers = of.population().of(of.host());
        if (isKeptAlive(of, nanos)) {
            return keptAlive(of, budget, waited, limit, 0.8);
        }
        boolean isShort = peers.answers() > 0 && 2 * peers.longestFirstByteNanos() >= limit;
        return (isShort
                        ? tooShort(of, budget, waited, 2 * Math.max(limit, peers.longestFirstByteNanos()))
                        : hung(of, budget, waited, limit, peers.answers() > 0 ? 0.8 : 0.6))
                .evidence("peers", peers(peers));
    }

    private static String waited(Case of, long nanos) {
        String what = of.timing().reached(Phase.FIRST_BYTE) ? "no payload" : "no byte of the answer";
        return what + " within " + Units.time(nanos) + " after the request was sent";
    }

    private static String peers(HostMemory peers) {
        return peers.answers() == 0
                ? "no other answer of this host is known"
                : peers.answers() + " answers, first byte typically after " + Units.time(peers.typicalFirstByteNanos());
    }

    // Keep-alives that stopped long ago are no sign of life.
    private static boolean isKeptAlive(Case of, long nanos) {
        AttemptEvidence evidence = of.evidence();
        return evidence.answer().isStream()
                && evidence.answer().bytesReceived() > 0
                && 2 * evidence.timing().silentNanos() < nanos;
    }

    private static Fault.Builder tooLong(Case of, Budget budget, String waited, long limit) {
        Usual usual = of.evidence().usual();
        if (isKeptAlive(of, limit)) {
            return keptAlive(of, budget, waited, limit, 0.9);
        }
        boolean isSlow = usual.firstLately() >= 2 * usual.firstMedian();
        return isSlow || limit < 2 * usual.firstHigh()
                ? slow(of, budget, waited, limit).confidence(isSlow ? 0.85 : 0.6)
                : hung(of, budget, waited, limit, 0.85);
    }

    private static Fault.Builder tooShort(Case of, Budget budget, String waited, long value) {
        Usual usual = of.evidence().usual();
        String usually = usual.isKnown()
                ? "; 99 of 100 answers of this model take up to " + Units.time(usual.firstHigh())
                : "; answers of " + of.host() + " have taken up to "
                        + Units.time(of.population().of(of.host()).longestFirstByteNanos());
        return Fault.builder(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT)
                .confidence(usual.isKnown() ? 0.9 : 0.8)
                .summary(waited + usually)
                .remedy(
                        budget == Budget.FIRST_TOKEN
                                ? "allow the first token more time"
                                : "allow the first byte more time",
                        setting(of, budget, value))
                .remedy("stream the answer: its first byte comes much sooner");
    }

    private static Fault.Builder slow(Case of, Budget budget, String waited, long limit) {
        Usual usual = of.evidence().usual();
        return Fault.builder(FaultCause.PROVIDER_SLOW)
                .summary(waited + "; the last answers took " + Units.time(usual.firstLately()) + ", usual are "
                        + Units.time(usual.firstMedian()))
                .ruledOut("a lost connection: it was open, and the request had been sent whole")
                .remedy("use another model or provider for now, or wait: it is slower than it usually is")
                .remedy("to wait that long, allow it", setting(of, budget, 2 * limit));
    }

    private static Fault.Builder hung(Case of, Budget budget, String waited, long limit, double confidence) {
        return Fault.builder(FaultCause.PROVIDER_HUNG)
                .confidence(confidence)
                .summary(waited)
                .ruledOut("a lost connection: it was open, and the request had been sent whole")
                .remedy(
                        of.evidence().call().facts().streaming()
                                ? "send the call again"
                                : "stream the answer: then silence is noticed after seconds")
                .remedy("if this model is known to think that long, allow it", setting(of, budget, 2 * limit));
    }

    private static Fault.Builder keptAlive(Case of, Budget budget, String waited, long limit, double confidence) {
        return Fault.builder(FaultCause.KEEPALIVE_ONLY)
                .confidence(confidence)
                .summary(waited + ": only comments, pings or empty events, "
                        + Units.bytes(of.answer().bytesReceived()))
                .ruledOut("the connection: bytes kept coming")
                .remedy("send the call again, or use another model: the provider holds it in a queue")
                .remedy("to wait longer for it, allow it", setting(of, budget, 2 * limit));
    }

    private static String setting(Case of, Budget budget, long value) {
        String time = "(" + SilenceRules.setting(value) + ")";
        String text = "Timeouts." + budget.setting() + time;
        Budget other = budget == Budget.FIRST_BYTE ? Budget.FIRST_TOKEN : Budget.FIRST_BYTE;
        return isCutToo(of, budget, other, value) ? text + "." + other.setting() + time : text;
    }

    // Where the headers of a stream are waited for, both budgets count, and raising one alone would not help. One
    // that was set to more is left: plain calls need it.
    private static boolean isCutToo(Case of, Budget budget, Budget other, long value) {
        long set = of.evidence().setting(other);
        return (budget == Budget.FIRST_BYTE || budget == Budget.FIRST_TOKEN)
                && of.isBeforeAnswer()
                && of.evidence().call().facts().streaming()
                && set > 0
                && set < value;
    }

    /** Judges an answer that had begun and then stopped, or brought no payload, for this time. */
    static Fault.Builder within(Case of, Budget budget, long nanos) {
        AttemptEvidence evidence = of.evidence();
        boolean stream = evidence.answer().isStream();
        boolean alive = budget != Budget.BETWEEN_BYTES && 2 * evidence.timing().silentNanos() < nanos;
        Usual usual = evidence.usual();
        long value = Math.max(2 * SilenceRules.limit(of, budget, nanos), usual.gapAdvised());
        Fault.Builder fault = Fault.builder(stream ? FaultCause.STREAM_STALLED : FaultCause.BODY_STALLED)
                .confidence(usual.gapHigh() > 0 && nanos < usual.gapHigh() ? 0.6 : 0.9)
                .summary("the answer stopped after "
                        + Units.bytes(evidence.answer().bytesReceived())
                        + (alive ? " and brought nothing but keep-alives for " : " and stayed silent for ")
                        + Units.time(nanos))
                .ruledOut("the connection: it was still open")
                .ruledOut("the application: time between its reads does not count");
        return fault.remedy(
                        stream
                                ? "send the call again; what had arrived is not the whole answer"
                                : "send the call again, or stream it")
                .remedy(
                        "if such pauses are usual there, allow them",
                        "Timeouts." + budget.setting() + "(" + SilenceRules.setting(value) + ")");
    }

    /** Judges an answer that was still arriving when the time for the whole of it was used up. */
    static Fault.Builder unfinished(Case of, Budget budget, long limit) {
        Usual usual = of.evidence().usual();
        String pace = usual.perToken() == 0 ? "" : ", at a usual pace of " + Units.time(usual.perToken()) + " a token";
        String whose = budget == Budget.ATTEMPT ? "the attempt's " : "the call's ";
        return Fault.builder(FaultCause.LONG_ANSWER)
                .confidence(0.85)
                .summary(
                        "the answer was still arriving" + pace + " when " + whose + Units.time(limit) + " were used up")
                .remedy(
                        budget == Budget.ATTEMPT ? "allow an attempt more time" : "allow every call more time",
                        "Timeouts." + budget.setting() + "("
                                + SilenceRules.setting(Math.max(2 * limit, usual.wholeAdvised())) + ")")
                .remedy("ask for a shorter answer (max_tokens)");
    }

    /**
     * Says whether payload was coming until a budget for all of it was used up: whether the last pause was one that such
     * answers have, or this one had before.
     */
    static boolean isFlowing(Case of, long limit) {
        TimingEvidence timing = of.timing();
        return timing.reached(Phase.STREAM)
                && timing.idleNanos() <= Math.max(timing.longestGapNanos(), longestPause(of, limit));
    }

    // Of an unknown model no pause is one too many that has used up less than half of what is allowed for pauses.
    private static long longestPause(Case of, long limit) {
        long usual = of.evidence().usual().gapHigh();
        if (usual > 0) {
            return Math.max(GAPS * usual, Units.SECOND);
        }
        long allowed = of.evidence().limit(of.answer().isStream() ? Budget.BETWEEN_TOKENS : Budget.BETWEEN_BYTES);
        return (allowed == 0 ? limit : Math.min(allowed, limit)) / 2;
    }
}
