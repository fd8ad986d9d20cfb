package dev.llmproxy.report;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.report.Report.FaultSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The faults by cause, wherever they happened, and which few of them explain nearly all. */
record Findings(List<Finding> all, long failures) {
    private static final double NEARLY_ALL = 0.95;
    private static final int FEW = 5;
    private static final double PERCENT = 100;
    private static final String[] WORDS = {"No", "One", "Two", "Three", "Four", "Five"};

    /**
     * All faults of one cause.
     *
     * @param cause the cause
     * @param count how many there were
     * @param at where, the most frequent place first
     */
    record Finding(FaultCause cause, long count, List<FaultSummary> at) {
        /** Returns the fault that was told with the most confidence where it happens most. */
        Fault example() {
            return at.get(0).example();
        }
    }

    /**
     * Folds the places of each cause.
     *
     * @param faults the most frequent first
     */
    static Findings of(List<FaultSummary> faults) {
        Map<FaultCause, List<FaultSummary>> byCause = new EnumMap<>(FaultCause.class);
        for (FaultSummary fault : faults) {
            byCause.computeIfAbsent(fault.example().cause(), cause -> new ArrayList<>())
                    .add(fault);
        }
        List<Finding> all = new ArrayList<>();
        byCause.forEach((cause, at) -> all.add(new Finding(cause, sum(at), List.copyOf(at))));
        all.sort(Comparator.comparingLong(Finding::count).reversed());
        return new Findings(List.copyOf(all), sum(faults));
    }

    private static long sum(List<FaultSummary> faults) {
        return faults.stream().mapToLong(FaultSummary::count).sum();
    }

    double share(Finding finding) {
        return failures == 0 ? 0 : (double) finding.count / failures;
    }

    /** Returns one sentence: how few causes explain how much. */
    String headline() {
        if (failures == 0) {
            return "No failures";
        }
        int few = 0;
        long explained = 0;
        while (few < Math.min(FEW, all.size()) && explained < NEARLY_ALL * failures) {
            explained += all.get(few++).count;
        }
        return String.format(
                Locale.ROOT,
                "%s %s %s of %,d %s",
                WORDS[few],
                few == 1 ? "cause explains" : "causes explain",
                explained == failures ? "all" : percent((double) explained / failures),
                failures,
                failures == 1 ? "failure" : "failures");
    }

    /** Returns a share as a person reads it, rounded down: what is not all is never 100 %. */
    static String percent(double share) {
        return share > 0 && share < 1 / PERCENT
                ? "< 1 %"
                : String.format(Locale.ROOT, "%d %%", (long) Math.floor(PERCENT * share));
    }
}
