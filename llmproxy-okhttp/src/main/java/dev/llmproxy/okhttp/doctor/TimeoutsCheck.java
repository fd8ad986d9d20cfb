package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.report.Report;
import dev.llmproxy.report.Report.Advice;
import dev.llmproxy.report.Report.PhaseLatency;
import dev.llmproxy.report.Report.PhaseLatency.Part;
import java.time.Duration;
import java.util.Map;

/** The budgets of the application's proxy against its client's own, and against what its calls took. */
final class TimeoutsCheck implements Check {
    private static final Map<Part, Budget> BUDGETS = Map.of(
            Part.DNS, Budget.DNS,
            Part.CONNECT, Budget.CONNECT,
            Part.TLS, Budget.TLS,
            Part.WAIT, Budget.FIRST_BYTE,
            Part.FIRST_TOKEN, Budget.FIRST_TOKEN,
            Part.WHOLE, Budget.ATTEMPT);
    private static final double NEAR = 0.8;

    @Override
    public String name() {
        return "timeouts";
    }

    @Override
    public Finding examine(Visit visit) {
        if (visit.patient().proxy().isEmpty()) {
            return Finding.skip(name(), "no LlmProxy was given");
        }
        LlmProxy proxy = visit.patient().proxy().get();
        Duration client = Duration.ofMillis(visit.patient().client().callTimeoutMillis());
        Duration call = proxy.timeouts().get(Budget.CALL);
        if (!client.isZero() && (call.isZero() || client.compareTo(call) < 0)) {
            return Finding.warn(
                            name(), "the HTTP client ends calls after " + client + ", the proxy would after " + call)
                    .action("leave OkHttpClient.Builder.callTimeout at 0; set Timeouts.call instead");
        }
        Report report = proxy.report();
        Finding finding = report.counts().all() == 0
                ? Finding.skip(name(), "the LlmProxy has made no calls yet")
                : Finding.ok(
                        name(),
                        "the budgets have room for what " + report.counts().all() + " calls took");
        for (PhaseLatency latency : report.latencies()) {
            finding = near(proxy, latency, finding);
        }
        for (Advice advice : report.advice()) {
            finding = changed(finding).evidence(advice.place(), advice.reason()).action("set " + advice.setting());
        }
        return finding;
    }

    private Finding near(LlmProxy proxy, PhaseLatency latency, Finding finding) {
        Budget budget = BUDGETS.get(latency.part());
        if (budget == null) {
            return finding;
        }
        Duration allowed = proxy.timeouts().get(budget);
        if (allowed.isZero() || latency.p95().toNanos() < allowed.toNanos() * NEAR) {
            return finding;
        }
        return changed(finding)
                .evidence(
                        latency.place(),
                        "the 95th percentile of " + latency.part() + " is " + latency.p95() + " of " + allowed)
                .action("raise Timeouts." + budget.setting());
    }

    private Finding changed(Finding finding) {
        return finding.is(Finding.Status.WARN)
                ? finding
                : Finding.warn(name(), "some budgets do not fit what calls take");
    }
}
