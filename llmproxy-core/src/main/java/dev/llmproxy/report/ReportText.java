package dev.llmproxy.report;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.fault.OneLine;
import dev.llmproxy.fault.Remedy;
import dev.llmproxy.report.Report.Advice;
import dev.llmproxy.report.Report.Anomaly;
import dev.llmproxy.report.Report.AttemptRecord;
import dev.llmproxy.report.Report.CallRecord;
import dev.llmproxy.report.Report.FaultSummary;
import dev.llmproxy.report.Report.PhaseLatency;
import dev.llmproxy.report.Report.Setting;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The report for a terminal: what needs a person first, then what explains it. */
final class ReportText {
    private static final int CALLS_SHOWN = 20;
    private static final int LONGEST = 400;
    private static final double SECOND = 1e9;
    private static final double PERCENT = 100;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder(4_096);

    private ReportText() {}

    static String of(Report report) {
        ReportText made = new ReportText();
        made.head(report);
        made.faults("Faults", report.faults());
        made.faults("Conditions", report.conditions());
        made.anomalies(report.anomalies());
        made.advice(report.advice());
        made.latencies(report.latencies());
        made.deployments(report.deployments());
        made.calls(report.calls());
        made.settings(report.settings());
        return made.text.toString();
    }

    private void head(Report report) {
        Report.Counts counts = report.counts();
        line("llmproxy report of %s UTC, since %s", TIME.format(report.at()), TIME.format(report.since()));
        line(
                "%,d calls: %,d answered, %,d failed, %,d cancelled",
                counts.all(), counts.succeeded(), counts.failed(), counts.cancelled());
        Report.CacheCounts cache = report.cache();
        if (cache.all() > 0) {
            line(
                    "cache: %,d hits, %,d misses, %,d stale, %,d coalesced; %,d tokens saved",
                    cache.hits(), cache.misses(), cache.stale(), cache.coalesced(), cache.tokensSaved());
        }
    }

    private void faults(String title, List<FaultSummary> faults) {
        if (faults.isEmpty()) {
            return;
        }
        title(title);
        for (FaultSummary fault : faults) {
            line("%6s  %s  %s", count(fault.count()), fault.example().cause().code(), clean(fault.place()));
            line("        %s", clean(fault.example().summary()));
            line("        %s", span(fault));
            for (Remedy remedy : fault.example().remedies()) {
                line("        do: %s", clean(remedy.toString()));
            }
        }
    }

    private static String span(FaultSummary fault) {
        return fault.count() == 1
                ? "at " + TIME.format(fault.last())
                : "from " + TIME.format(fault.first()) + " to " + TIME.format(fault.last());
    }

    private void anomalies(List<Anomaly> anomalies) {
        if (anomalies.isEmpty()) {
            return;
        }
        title("Anomalies");
        for (Anomaly anomaly : anomalies) {
            line(
                    "  %s  %s of %s",
                    clean(anomaly.place()), word(anomaly.metric()), anomaly.streaming() ? "streams" : "plain answers");
            line(
                    "        %s instead of %s, seen in %,d calls",
                    value(anomaly, anomaly.present()), value(anomaly, anomaly.usual()), anomaly.calls());
            line(
                    "        told at %s, %s",
                    time(anomaly.told()),
                    anomaly.ended().map(at -> "over at " + time(at)).orElse("goes on"));
        }
    }

    private static String value(Anomaly anomaly, double value) {
        return switch (anomaly.metric()) {
            case FIRST_TOKEN, PER_TOKEN -> Units.time(Duration.ofNanos(Math.round(value * SECOND)));
            case OUTPUT_TOKENS -> String.format(Locale.ROOT, "%,.0f tokens", value);
            case ERRORS, TRUNCATED, EMPTY, FALLBACKS, CACHE_MISSES ->
                String.format(Locale.ROOT, "%.1f %%", PERCENT * value);
        };
    }

    private void advice(List<Advice> advice) {
        if (advice.isEmpty()) {
            return;
        }
        title("Settings to change");
        for (Advice item : advice) {
            line("  %s  for %s", clean(item.setting()), clean(item.place()));
            line("        %s", clean(item.reason()));
        }
    }

    private void deployments(List<DeploymentState> deployments) {
        if (deployments.isEmpty()) {
            return;
        }
        title("Deployments                         in flight  first token");
        for (DeploymentState state : deployments) {
            line(
                    "  %-32s %,10d  %11s  %s",
                    clean((state.deployment() + " " + state.model()).strip()),
                    state.inFlight(),
                    state.firstToken().isZero() ? "-" : Units.time(state.firstToken()),
                    ejection(state));
        }
    }

    private static String ejection(DeploymentState state) {
        return state.ejectedFor()
                .map(cause -> String.format(
                        Locale.ROOT,
                        "ejected after %,d failures, the last of them %s; rests %s",
                        state.failures(),
                        cause.code(),
                        Units.time(state.rest())))
                .orElse("");
    }

    private void latencies(List<PhaseLatency> latencies) {
        if (latencies.isEmpty()) {
            return;
        }
        title("Answered attempts                        count    median       p95       p99   longest");
        String place = "";
        for (PhaseLatency row : latencies) {
            if (!row.place().equals(place)) {
                place = row.place();
                line("  %s", clean(place));
            }
            line(
                    "    %-30s %,11d %9s %9s %9s %9s",
                    word(row.part()),
                    row.count(),
                    Units.time(row.median()),
                    Units.time(row.p95()),
                    Units.time(row.p99()),
                    Units.time(row.longest()));
        }
    }

    private void calls(List<CallRecord> calls) {
        if (calls.isEmpty()) {
            return;
        }
        List<CallRecord> last = calls.subList(Math.max(0, calls.size() - CALLS_SHOWN), calls.size());
        title("Last calls");
        for (CallRecord call : last) {
            line(
                    "  %s  %-12s %-9s %9s  %d sent  %s %s%s",
                    time(call.endedAt()),
                    call.id(),
                    call.outcome().name().toLowerCase(Locale.ROOT),
                    Units.time(call.duration()),
                    call.sent(),
                    clean(call.host()),
                    clean(Redaction.of(call.model())) + askedFor(call.attempts()),
                    call.cause().map(cause -> "  " + cause.code()).orElse(""));
        }
    }

    // Where the last attempt asked for another model than the application.
    private static String askedFor(List<AttemptRecord> attempts) {
        AttemptRecord last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
        return last == null || last.model().isEmpty() ? "" : " as " + clean(last.model()) + " at " + last.deployment();
    }

    private void settings(List<Setting> settings) {
        if (settings.isEmpty()) {
            return;
        }
        title("Settings");
        for (Setting setting : settings) {
            line(
                    "  %-28s %s%s",
                    setting.name(),
                    clean(setting.value()),
                    setting.origin() == Setting.Origin.DEFAULT ? "" : "  (" + word(setting.origin()) + ")");
        }
    }

    private void title(String title) {
        line("");
        line("%s", title);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,dx", count);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    // Names come from requests and answers.
    private static String clean(String any) {
        return OneLine.of(any, LONGEST);
    }
}
