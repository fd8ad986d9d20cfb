package dev.llmproxy.report;

import dev.llmproxy.fault.Evidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.OneLine;
import dev.llmproxy.fault.Remedy;
import dev.llmproxy.report.Findings.Finding;
import dev.llmproxy.report.Report.FaultSummary;
import java.util.Locale;

/** The findings as markup, for a reader whose browser runs no script. */
final class StaticFindings {
    private static final int LONGEST = 400;

    private final StringBuilder html = new StringBuilder(4_096);

    private StaticFindings() {}

    static String of(Report report) {
        StaticFindings made = new StaticFindings();
        Findings findings = Findings.of(report.faults());
        made.add("<h2>", findings.headline(), "</h2>\n");
        made.html.append("<ol class=\"finding-list\">\n");
        for (Finding finding : findings.all()) {
            made.finding(finding, Findings.percent(findings.share(finding)));
        }
        made.html.append("</ol>\n");
        return made.html.toString();
    }

    private void finding(Finding finding, String share) {
        Fault fault = finding.example();
        html.append("<li class=\"finding\">\n");
        add("<p class=\"share\"><strong>", share, "</strong> ");
        add("<span>", String.format(Locale.ROOT, "%,d x", finding.count()), "</span></p>\n<div class=\"told\">\n");
        add("<h3>", fault.cause().title(), "</h3>\n");
        add("<p class=\"code\"><code>", fault.cause().code(), "</code></p>\n");
        add("<p>", fault.summary(), "</p>\n");
        for (FaultSummary at : finding.at()) {
            add("<p class=\"place\">", String.format(Locale.ROOT, "%,d x %s", at.count(), at.place()), "</p>\n");
        }
        html.append("<ul class=\"remedies\">\n");
        for (Remedy remedy : fault.remedies()) {
            add("<li>", remedy.toString(), "</li>\n");
        }
        html.append("</ul>\n<dl class=\"facts\">\n");
        for (Evidence item : fault.evidence()) {
            add("<div><dt>", item.name(), "</dt> ");
            add("<dd>", item.value(), "</dd></div>\n");
        }
        html.append("</dl>\n</div>\n</li>\n");
    }

    private void add(String before, String text, String after) {
        html.append(before).append(Escapes.html(OneLine.of(text, LONGEST))).append(after);
    }
}
