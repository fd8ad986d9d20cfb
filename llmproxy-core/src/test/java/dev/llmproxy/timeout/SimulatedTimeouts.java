package dev.llmproxy.timeout;

import dev.llmproxy.chain.Budget;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Timeouts at work on simulated traffic: which calls they end, and what they learn of the others. */
final class SimulatedTimeouts {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Adaptation adaptation;
    private final SimulatedTraffic traffic;
    private final List<Long> hangs = new ArrayList<>();
    private long now;
    private int healthy;
    private int killed;

    SimulatedTimeouts(Timeouts timeouts, SimulatedTraffic traffic) {
        this.adaptation = new Adaptation(timeouts, new Limits(timeouts), true);
        this.traffic = traffic;
    }

    void run(int calls) {
        for (int i = 0; i < calls; i++) {
            now += SECOND;
            call(traffic.next());
        }
    }

    private void call(SimulatedTraffic.Call call) {
        Latency latency = adaptation.model().of("east", "m", true, call.maxTokens());
        long[] budgets = adaptation.budgets(latency, now);
        long first = budgets[Budget.FIRST_TOKEN.ordinal()];
        if (call.hangs()) {
            hangs.add(first);
            latency.cutShort(FaultCause.PROVIDER_HUNG, now);
            return;
        }
        healthy++;
        FaultCause end = endOf(call, budgets);
        if (end == null) {
            latency.answered(sample(call), now);
        } else {
            killed++;
            latency.cutShort(end, now);
        }
    }

    private static @Nullable FaultCause endOf(SimulatedTraffic.Call call, long[] budgets) {
        if (call.first() > budgets[Budget.FIRST_TOKEN.ordinal()]) {
            return FaultCause.PROVIDER_SLOW;
        }
        if (call.gap() > budgets[Budget.BETWEEN_BYTES.ordinal()]) {
            return FaultCause.STREAM_STALLED;
        }
        return call.whole() > budgets[Budget.ATTEMPT.ordinal()] ? FaultCause.LONG_ANSWER : null;
    }

    private static long sample(SimulatedTraffic.Call call) {
        long sample = Measure.FIRST.in(0, call.first());
        sample = Measure.GAP.in(sample, call.gap());
        sample = Measure.PER_TOKEN.in(sample, call.perToken());
        return Measure.TOKENS.in(sample, call.tokens());
    }

    /** Forgets what was counted, and not what was learned. */
    void count() {
        hangs.clear();
        healthy = 0;
        killed = 0;
    }

    int killed() {
        return killed;
    }

    double killedPart() {
        return (double) killed / healthy;
    }

    double typicalHangSeconds() {
        List<Long> sorted = new ArrayList<>(hangs);
        Collections.sort(sorted);
        return (double) sorted.get(sorted.size() / 2) / SECOND;
    }

    double hangsFoundWithin(long nanos) {
        return (double) hangs.stream().filter(found -> found <= nanos).count() / hangs.size();
    }
}
