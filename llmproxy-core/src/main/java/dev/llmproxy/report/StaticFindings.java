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
    private static final int PLACES = 5;

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

    // The same elements as findings.js makes, for the same style.
    private void finding(Finding finding, String share) {
        Fault fault = finding.example();
        html.append("<li class=\"finding\">\n");
        add("<div class=\"share\"><strong>", share, "</strong> ");
        add("<span>", times(finding.count()), "</span></div>\n<div class=\"told\">\n");
        add("<h3>", fault.cause().title(), "</h3>\n");
        add("<p class=\"code\"><code>", fault.cause().code(), "</code></p>\n");
        add("<p class=\"summary\">", fault.summary(), "</p>\n");
        if (!fault.remedies().isEmpty()) {
            html.append("<div class=\"change\"><h4>What to change</h4>\n<ol class=\"remedies\">\n");
            for (Remedy remedy : fault.remedies()) {
                add("<li>", remedy.toString(), "</li>\n");
            }
            html.append("</ol></div>\n");
        }
        html.append("<dl class=\"facts\">\n");
        for (Evidence item : fault.evidence()) {
            add("<div><dt>", item.name(), "</dt> ");
            add("<dd>", item.value(), "</dd></div>\n");
        }
        html.append("</dl>\n</div>\n<ul class=\"places\">\n");
        for (FaultSummary at :
                finding.at().subList(0, Math.min(PLACES, finding.at().size()))) {
            add("<li><span class=\"wrap\">", at.place(), "</span> ");
            add("<span class=\"number\">", times(at.count()), "</span></li>\n");
        }
        html.append("</ul>\n</li>\n");
    }

    private static String times(long count) {
        return String.format(Locale.ROOT, "%,d x", count);
    }

    private void add(String before, String text, String after) {
        html.append(before).append(Escapes.html(OneLine.of(text, LONGEST))).append(after);
    }
}
