package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.diagnosis.Outcomes.Outcome;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Evidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The second look at a fault, beside its peers: what the attempt itself cannot show, because it takes several of them to
 * see it. Cuts at a constant age are made by something in between; timeouts at unrelated hosts together are made here.
 */
final class PeerRules {
    private static final Set<FaultCause> CUTS = Set.of(
            FaultCause.CLOSED_BEFORE_ANSWER,
            FaultCause.RESET_BEFORE_ANSWER,
            FaultCause.RESET_MID_ANSWER,
            FaultCause.TRUNCATED_BODY,
            FaultCause.TRUNCATED_CHUNKS,
            FaultCause.STREAM_UNTERMINATED);
    private static final long TOGETHER_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int HOSTS_TOGETHER = 3;

    private PeerRules() {}

    /** Looks at a fault beside what became of other attempts, and returns it or what it is a part of. */
    static Fault review(Case of, Fault fault) {
        AttemptEvidence evidence = of.evidence();
        Population population = of.population();
        if (fault.cause() == FaultCause.CANCELLED) {
            return fault;
        }
        population.failed(evidence, fault.cause());
        List<Outcome> recent = population.outcomes().recent(evidence.timing().failedAt());
        Fault reviewed = compared(evidence, recent, fault);
        if (CUTS.contains(fault.cause())) {
            return cut(of, reviewed);
        }
        return isSilence(fault) && isTogether(evidence, recent) ? together(evidence, recent, reviewed) : reviewed;
    }

    // Where something is cut by a timer, that timer runs from the last byte or from the beginning of the call.
    private static Fault cut(Case of, Fault fault) {
        AttemptEvidence evidence = of.evidence();
        HostMemory host = of.population().of(of.host());
        long silence = evidence.timing().reached(Phase.FIRST_BYTE)
                ? evidence.timing().silentNanos()
                : evidence.timing().phaseNanos();
        CutAges.Constant idle =
                host.silenceAtCut().add(silence, evidence.timing().failedAt());
        CutAges.Constant whole = host.ageAtCut()
                .add(evidence.timing().elapsedNanos(), evidence.timing().failedAt());
        if (idle != null && host.longestFirstByteNanos() < idle.longest()) {
            return intermediary(of, fault, idle, "of silence", "idle timeout");
        }
        return whole == null ? fault : intermediary(of, fault, whole, "in all", "limit for a whole call");
    }

    private static Fault intermediary(Case of, Fault cut, CutAges.Constant ages, String what, String timer) {
        Fault.Builder fault = Fault.builder(FaultCause.INTERMEDIARY_TIMEOUT)
                .confidence(of.population().of(of.host()).answers() > 0 ? 0.9 : 0.8)
                .summary("something between here and " + of.host() + " cuts calls at a constant age: " + ages + " "
                        + what)
                .where(cut.where())
                .mayHaveBilled(cut.mayHaveBilled())
                .evidence("cut calls", ages)
                .evidence("this one by itself", cut.cause().code())
                .ruledOut("a failing server: it would fail at any age")
                .ruledOut("a timeout of this side: none had run out");
        Middlebox.known(ages.longest()).ifPresent(name -> fault.evidence("known to cut then", name));
        cut.evidence().forEach(item -> fault.evidence(item.name(), item.value()));
        return fault.remedy(
                        of.evidence().call().facts().streaming()
                                ? "ask for keep-alives in the stream, or for an answer that begins sooner"
                                : "stream the answer: then bytes come before the " + timer + " runs out")
                .remedy("raise the " + timer + " of the load balancer, gateway or proxy on the way above "
                        + Units.time(ages.longest()))
                .build();
    }

    private static boolean isSilence(Fault fault) {
        return fault.family() == FaultFamily.TIMEOUT
                && fault.cause() != FaultCause.CALL_DEADLINE
                && fault.cause() != FaultCause.CLIENT_CALL_TIMEOUT
                && fault.cause() != FaultCause.LONG_ANSWER
                && fault.cause() != FaultCause.GATEWAY_TIMEOUT;
    }

    private static boolean isTogether(AttemptEvidence evidence, List<Outcome> recent) {
        long since = evidence.timing().failedAt() - TOGETHER_NANOS;
        boolean answered = recent.stream().anyMatch(outcome -> !outcome.failed() && outcome.at() >= since);
        return !answered && silentHosts(evidence, recent).size() >= HOSTS_TOGETHER;
    }

    private static Set<String> silentHosts(AttemptEvidence evidence, List<Outcome> recent) {
        long since = evidence.timing().failedAt() - TOGETHER_NANOS;
        return recent.stream()
                .filter(outcome -> outcome.at() >= since && isOfTheWay(outcome.cause()))
                .map(Outcome::host)
                .collect(Collectors.toSet());
    }

    private static boolean isOfTheWay(@org.jspecify.annotations.Nullable FaultCause cause) {
        return cause != null && (cause.family() == FaultFamily.TIMEOUT || cause.family() == FaultFamily.CONNECTIVITY);
    }

    private static Fault together(AttemptEvidence evidence, List<Outcome> recent, Fault silence) {
        int hosts = silentHosts(evidence, recent).size();
        Fault.Builder fault = Fault.builder(FaultCause.LOCAL_NETWORK)
                .confidence(0.7)
                .summary(hosts + " unrelated hosts stopped answering within " + Units.time(TOGETHER_NANOS)
                        + ", and none has answered since")
                .where(silence.where())
                .mayHaveBilled(silence.mayHaveBilled())
                .evidence("this one by itself", silence.cause().code())
                .ruledOut(evidence.origin().host() + " alone: the others have nothing to do with it")
                .remedy("look at the network of this machine: its link, VPN, firewall, DNS, HTTP proxy");
        for (Evidence item : silence.evidence()) {
            fault.evidence(item.name(), item.value());
        }
        return fault.build();
    }

    // Says whom it concerns: everybody there, or only this model or this key.
    private static Fault compared(AttemptEvidence evidence, List<Outcome> recent, Fault fault) {
        String host = evidence.origin().host();
        Tally all = Tally.of(recent, outcome -> outcome.host().equals(host));
        if (all.all() < 2) {
            return fault;
        }
        Fault.Builder more = fault.toBuilder().evidence("in the last minute", all + " there");
        String model = evidence.call().model().orElse("");
        String key = evidence.request()
                .signature()
                .map(signature -> signature.fingerprint())
                .orElse("");
        Tally same = Tally.of(
                recent,
                outcome -> outcome.host().equals(host) && outcome.model().equals(model));
        Tally otherModels = Tally.of(
                recent,
                outcome -> outcome.host().equals(host) && !outcome.model().equals(model));
        Tally ofKey = Tally.of(
                recent, outcome -> outcome.host().equals(host) && outcome.key().equals(key));
        Tally otherKeys = Tally.of(
                recent, outcome -> outcome.host().equals(host) && !outcome.key().equals(key));
        if (same.isAllFailed() && otherModels.isAllWell()) {
            more.evidence("only this model", same + ", with other models " + otherModels)
                    .ruledOut("the whole of " + host + ": its other models answer");
        }
        if (ofKey.isAllFailed() && otherKeys.isAllWell()) {
            more.evidence("only this key", ofKey + ", with other keys " + otherKeys)
                    .ruledOut("the whole of " + host + ": it answers other keys");
        }
        ofAddress(evidence, recent, more);
        return more.build();
    }

    // One bad server behind a name of several: its address fails alone.
    private static void ofAddress(AttemptEvidence evidence, List<Outcome> recent, Fault.Builder more) {
        String host = evidence.origin().host();
        String address = evidence.connection().remote().orElse("");
        if (address.isEmpty()) {
            return;
        }
        Tally same = Tally.of(
                recent,
                outcome -> outcome.host().equals(host) && outcome.address().equals(address));
        Tally others = Tally.of(
                recent,
                outcome -> outcome.host().equals(host)
                        && !outcome.address().isEmpty()
                        && !outcome.address().equals(address));
        if (same.isAllFailed() && others.isAllWell()) {
            more.evidence("only this address", same + ", at other addresses " + others)
                    .ruledOut("the whole of " + host + ": it answers at its other addresses");
        }
    }
}
