package dev.llmproxy.diagnosis;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A wait was cut that was none: this process did not run, and what was waited for may have lain in the socket. Comes before
 * every rule that blames somebody else.
 */
final class LocalRules {
    private LocalRules() {}

    static Fault.@Nullable Builder judge(Case of) {
        LocalTrouble trouble = of.trouble();
        if (trouble == null || !trouble.attribution().isDecisive()) {
            return null;
        }
        Stall stall = trouble.stall();
        Vitals vitals = of.vitals();
        Fault.Builder fault;
        if (trouble.attribution().isCrowdedOut()) {
            fault = crowdedOut(of, trouble, vitals);
        } else if (stall.isCollecting()) {
            fault = collecting(of, trouble);
        } else if (stall.isStarved(trouble.attribution().lateNanos(), vitals.processors())) {
            fault = starved(of, trouble, vitals);
        } else {
            fault = frozen(of, trouble);
        }
        return common(of, trouble, fault);
    }

    private static Fault.Builder collecting(Case of, LocalTrouble trouble) {
        Fault.Builder fault = fault(FaultCause.HEAP_PRESSURE, of, trouble, "collected garbage")
                .evidence("collecting garbage", Units.time(trouble.stall().collectingNanos()));
        return Memory.advise(of, fault);
    }

    private static Fault.Builder crowdedOut(Case of, LocalTrouble trouble, Vitals vitals) {
        long limit = trouble.waited().limitNanos();
        Fault.Builder fault = Fault.builder(FaultCause.CPU_STARVED)
                .confidence(trouble.attribution().confidence())
                .summary("this process had too little CPU to read what had come: "
                        + Units.bytes(trouble.unread().orElse(0)) + " from " + of.host() + " lay unread"
                        + (limit == 0 ? "" : " when the limit of " + Units.time(limit) + " ran out"));
        return Processors.advise(trouble, vitals, cpu(fault, trouble.stall().cpu()));
    }

    private static Fault.Builder starved(Case of, LocalTrouble trouble, Vitals vitals) {
        CpuUse cpu = trouble.stall().cpu();
        boolean throttled = trouble.stall().isThrottled();
        Fault.Builder fault = fault(
                FaultCause.CPU_STARVED,
                of,
                trouble,
                throttled ? "was held back by its CPU limit" : "had too little CPU");
        if (throttled) {
            fault.evidence("held back by the CPU limit", Units.time(cpu.throttledNanos()));
        }
        return Processors.advise(trouble, vitals, cpu(fault, cpu));
    }

    private static Fault.Builder cpu(Fault.Builder fault, CpuUse cpu) {
        if (cpu.queuedNanos() > 0) {
            fault.evidence("ready to run without a processor", Units.time(cpu.queuedNanos()));
        }
        if (cpu.readyPermille() >= 0) {
            fault.evidence(
                    "threads ready to run", Processors.text(cpu.readyPermille() / 1_000.0) + " for each processor");
        }
        return fault;
    }

    private static Fault.Builder frozen(Case of, LocalTrouble trouble) {
        return fault(FaultCause.PROCESS_FROZEN, of, trouble, "stood still")
                .ruledOut("garbage collection and a shortage of CPU: neither explains it")
                .remedy("send the call again: nothing is known to be wrong with " + of.host())
                .remedy(
                        "look at what stops this process: a container that is paused, a machine that sleeps or is moved,"
                                + " a debugger, a heap dump");
    }

    private static Fault.Builder fault(FaultCause cause, Case of, LocalTrouble trouble, String what) {
        long limit = trouble.waited().limitNanos();
        return Fault.builder(cause)
                .confidence(trouble.attribution().confidence())
                .summary("this process " + what + " for at least "
                        + Units.time(stoodNanos(trouble)) + " while it waited for " + of.host()
                        + (limit == 0 ? "" : ", and the limit of " + Units.time(limit) + " ran out meanwhile"));
    }

    private static Fault.Builder common(Case of, LocalTrouble trouble, Fault.Builder fault) {
        Attribution attribution = trouble.attribution();
        if (!attribution.isCrowdedOut()) {
            fault.evidence("stood still", stood(trouble));
        }
        trouble.unread().ifPresent(bytes -> fault.evidence("unread in the socket", Units.bytes(bytes)));
        if (attribution.lateNanos() > 0) {
            fault.evidence("limit fired late by", Units.time(attribution.lateNanos()));
        }
        of.evidence()
                .ending()
                .flatMap(ending -> ending.budget())
                .ifPresent(budget -> fault.evidence(
                        "ended by",
                        "timer " + budget.setting() + " = "
                                + Units.time(trouble.waited().limitNanos())));
        return attribution.confidence() > Attribution.MIXED
                ? fault.ruledOut(
                        trouble.unread().isPresent()
                                ? "the provider: something of its answer lay in the socket, unread"
                                : "the provider: its answer may have lain in the socket")
                : fault.evidence("without the pause", mixed(of, trouble));
    }

    private static String mixed(Case of, LocalTrouble trouble) {
        return trouble.hasNothingCome()
                ? "nothing of an answer lay in the socket: " + of.host() + " may hang as well"
                : "it had been waited for longer than is usual ("
                        + Units.time(trouble.waited().usuallyNanos()) + "): " + of.host() + " may be slow as well";
    }

    private static String stood(LocalTrouble trouble) {
        return String.format(
                Locale.ROOT,
                "%s of %s",
                Units.time(stoodNanos(trouble)),
                Units.time(trouble.waited().time().nanos()));
    }

    // A limit that fires late says the same as a pause that was seen.
    private static long stoodNanos(LocalTrouble trouble) {
        Attribution attribution = trouble.attribution();
        return Math.max(attribution.missedNanos(), attribution.lateNanos());
    }
}
