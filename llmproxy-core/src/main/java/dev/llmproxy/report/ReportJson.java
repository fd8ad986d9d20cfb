package dev.llmproxy.report;

import com.squareup.moshi.JsonWriter;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.DeploymentState;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Evidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.Remedy;
import dev.llmproxy.report.Report.Advice;
import dev.llmproxy.report.Report.Anomaly;
import dev.llmproxy.report.Report.AttemptRecord;
import dev.llmproxy.report.Report.CallRecord;
import dev.llmproxy.report.Report.FaultSummary;
import dev.llmproxy.report.Report.PhaseLatency;
import dev.llmproxy.report.Report.Setting;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import okio.Buffer;

/** The report for programs. Durations are milliseconds, times are those of ISO 8601. */
final class ReportJson {
    private static final double NANOS_OF_MILLI = 1_000_000.0;

    private final JsonWriter json;

    private ReportJson(JsonWriter json) {
        this.json = json;
    }

    /** Returns the report for a person's eyes, too. */
    static String of(Report report) {
        return of(report, "  ");
    }

    /** Returns the report on one line. */
    static String compact(Report report) {
        return of(report, "");
    }

    private static String of(Report report, String indent) {
        Buffer buffer = new Buffer();
        try (JsonWriter json = JsonWriter.of(buffer)) {
            json.setIndent(indent);
            new ReportJson(json).write(report);
        } catch (IOException e) {
            throw new AssertionError("a buffer in memory does not fail", e);
        }
        return buffer.readUtf8();
    }

    private void write(Report report) throws IOException {
        json.beginObject();
        json.name("schemaVersion").value(Report.SCHEMA_VERSION);
        json.name("since").value(report.since().toString());
        json.name("at").value(report.at().toString());
        json.name("counts").beginObject();
        json.name("succeeded").value(report.counts().succeeded());
        json.name("failed").value(report.counts().failed());
        json.name("cancelled").value(report.counts().cancelled());
        json.endObject();
        cache(report.cache());
        findings(Findings.of(report.faults()));
        array("faults", report.faults(), this::summary);
        array("conditions", report.conditions(), this::summary);
        array("anomalies", report.anomalies(), this::anomaly);
        array("advice", report.advice(), this::advice);
        array("latencies", report.latencies(), this::latency);
        array("deployments", report.deployments(), this::deployment);
        array("settings", report.settings(), this::setting);
        array("calls", report.calls(), this::call);
        json.endObject();
    }

    private void cache(Report.CacheCounts counts) throws IOException {
        json.name("cache").beginObject();
        json.name("hits").value(counts.hits());
        json.name("misses").value(counts.misses());
        json.name("stale").value(counts.stale());
        json.name("coalesced").value(counts.coalesced());
        json.name("tokensSaved").value(counts.tokensSaved());
        json.endObject();
    }

    private void findings(Findings findings) throws IOException {
        json.name("findings").beginObject();
        json.name("headline").value(findings.headline());
        json.name("failures").value(findings.failures());
        array("causes", findings.all(), finding -> {
            json.name("cause").value(finding.cause().code());
            json.name("count").value(finding.count());
            json.name("share").value(findings.share(finding));
            json.name("blame").value(word(finding.example().blame()));
        });
        json.endObject();
    }

    private void deployment(DeploymentState state) throws IOException {
        json.name("deployment").value(state.deployment());
        json.name("model").value(state.model());
        json.name("inFlight").value(state.inFlight());
        json.name("firstToken").value(millis(state.firstToken()));
        if (state.ejectedFor().isPresent()) {
            json.name("ejectedFor").value(state.ejectedFor().get().code());
            json.name("failures").value(state.failures());
            json.name("rest").value(millis(state.rest()));
        }
    }

    private void summary(FaultSummary summary) throws IOException {
        json.name("cause").value(summary.example().cause().code());
        json.name("place").value(summary.place());
        json.name("count").value(summary.count());
        json.name("first").value(summary.first().toString());
        json.name("last").value(summary.last().toString());
        json.name("example").beginObject();
        fault(summary.example());
        json.endObject();
    }

    private void fault(Fault fault) throws IOException {
        json.name("title").value(fault.cause().title());
        json.name("family").value(word(fault.family()));
        json.name("blame").value(word(fault.blame()));
        json.name("confidence").value(fault.confidence());
        json.name("summary").value(fault.summary());
        json.name("where").value(fault.where());
        json.name("mayHaveBilled").value(fault.mayHaveBilled());
        json.name("evidence").beginArray();
        for (Evidence item : fault.evidence()) {
            json.beginObject();
            json.name("name").value(item.name());
            json.name("value").value(item.value());
            json.endObject();
        }
        json.endArray();
        json.name("ruledOut").beginArray();
        for (String item : fault.ruledOut()) {
            json.value(item);
        }
        json.endArray();
        json.name("remedies").beginArray();
        for (Remedy remedy : fault.remedies()) {
            json.beginObject();
            json.name("action").value(remedy.action());
            if (remedy.setting().isPresent()) {
                json.name("setting").value(remedy.setting().get());
            }
            json.endObject();
        }
        json.endArray();
    }

    private void anomaly(Anomaly anomaly) throws IOException {
        json.name("place").value(anomaly.place());
        json.name("streaming").value(anomaly.streaming());
        json.name("metric").value(word(anomaly.metric()));
        json.name("usual").value(anomaly.usual());
        json.name("present").value(anomaly.present());
        json.name("calls").value(anomaly.calls());
        json.name("told").value(anomaly.told().toString());
        if (anomaly.ended().isPresent()) {
            json.name("ended").value(anomaly.ended().get().toString());
        }
    }

    private void advice(Advice advice) throws IOException {
        json.name("setting").value(advice.setting());
        json.name("place").value(advice.place());
        json.name("reason").value(advice.reason());
        json.name("at").value(advice.at().toString());
    }

    private void latency(PhaseLatency row) throws IOException {
        json.name("place").value(row.place());
        json.name("part").value(word(row.part()));
        json.name("count").value(row.count());
        json.name("median").value(millis(row.median()));
        json.name("p95").value(millis(row.p95()));
        json.name("p99").value(millis(row.p99()));
        json.name("longest").value(millis(row.longest()));
    }

    private void setting(Setting setting) throws IOException {
        json.name("name").value(setting.name());
        json.name("value").value(setting.value());
        json.name("origin").value(word(setting.origin()));
    }

    private void call(CallRecord call) throws IOException {
        json.name("id").value(call.id());
        json.name("endedAt").value(call.endedAt().toString());
        json.name("host").value(call.host());
        json.name("dialect").value(call.dialect());
        json.name("model").value(Redaction.of(call.model()));
        json.name("streaming").value(call.streaming());
        json.name("outcome").value(word(call.outcome()));
        json.name("status").value(call.status());
        if (call.cause().isPresent()) {
            json.name("cause").value(call.cause().get().code());
        }
        json.name("duration").value(millis(call.duration()));
        json.name("bytes").value(call.bytes());
        answer(call.answer());
        json.name("sent").value(call.sent());
        array("attempts", call.attempts(), attempt -> {
            json.name("startedAfter").value(millis(call.startOf(attempt)));
            attempt(attempt);
        });
    }

    private void answer(AnswerInfo answer) throws IOException {
        json.name("finishReason").value(Redaction.of(answer.finishReason()));
        json.name("inputTokens").value(answer.inputTokens());
        json.name("outputTokens").value(answer.outputTokens());
        json.name("cachedTokens").value(answer.cachedTokens());
        json.name("reasoningTokens").value(answer.reasoningTokens());
        json.name("requestId").value(Redaction.ofId(answer.requestId()));
    }

    private void attempt(AttemptRecord attempt) throws IOException {
        json.name("number").value(attempt.number());
        json.name("deployment").value(attempt.deployment());
        json.name("model").value(attempt.model());
        json.name("status").value(attempt.status());
        if (attempt.cause().isPresent()) {
            json.name("cause").value(attempt.cause().get().code());
        }
        json.name("phases").beginObject();
        for (Phase phase : Phase.values()) {
            if (attempt.times().reached(phase)) {
                json.name(word(phase))
                        .value(attempt.times()
                                .beganAt(phase)
                                .map(ReportJson::millis)
                                .orElse(0.0));
            }
        }
        json.endObject();
    }

    private <T> void array(String name, Iterable<T> items, Writing<T> writing) throws IOException {
        json.name(name).beginArray();
        for (T item : items) {
            json.beginObject();
            writing.write(item);
            json.endObject();
        }
        json.endArray();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_OF_MILLI;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Writes the members of an object. */
    @FunctionalInterface
    private interface Writing<T> {
        void write(T item) throws IOException;
    }
}
