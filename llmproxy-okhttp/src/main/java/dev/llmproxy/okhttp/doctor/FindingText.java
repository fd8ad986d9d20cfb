package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The findings for a terminal: one line for each check, then what is to be known of those that are not well. */
public final class FindingText {
    private static final Map<Status, String> COLOURS = Map.of(
            Status.OK, "\u001b[32m", Status.WARN, "\u001b[33m", Status.FAIL, "\u001b[31m", Status.SKIP, "\u001b[2m");
    private static final String END = "\u001b[0m";

    private final StringBuilder text = new StringBuilder(2_048);
    private final boolean colours;

    private FindingText(boolean colours) {
        this.colours = colours;
    }

    /**
     * Returns the text without colours.
     *
     * @param base the base URL
     * @param findings the findings
     * @return the text
     */
    public static String plain(String base, List<Finding> findings) {
        return of(base, findings, false);
    }

    /**
     * Returns the text, in colours where this process has a terminal and {@code NO_COLOR} does not forbid them.
     *
     * @param base the base URL
     * @param findings the findings
     * @return the text
     */
    public static String forTerminal(String base, List<Finding> findings) {
        return of(base, findings, Terminal.wantsColours(Terminal.isThere(), System.getenv()));
    }

    static String of(String base, List<Finding> findings, boolean colours) {
        FindingText made = new FindingText(colours);
        made.text.append("llmproxy doctor: ").append(base).append('\n');
        findings.forEach(finding -> made.text.append(made.coloured(finding)).append('\n'));
        findings.stream()
                .filter(finding -> finding.is(Status.WARN) || finding.is(Status.FAIL))
                .forEach(made::details);
        made.text.append('\n').append(totals(findings)).append('\n');
        return made.text.toString();
    }

    static String line(Finding finding) {
        return mark(finding) + " " + finding.check() + (finding.is(Status.SKIP) ? "" : ": " + finding.summary());
    }

    private static String mark(Finding finding) {
        return finding.is(Status.SKIP) ? "[skip: " + finding.summary() + "]" : "[" + word(finding.status()) + "]";
    }

    private String coloured(Finding finding) {
        String line = line(finding);
        String mark = mark(finding);
        return colours ? COLOURS.get(finding.status()) + mark + END + line.substring(mark.length()) : line;
    }

    // Where the library has a diagnosis, the application is going to read the same text.
    private void details(Finding finding) {
        text.append('\n').append(finding.check()).append(": ");
        if (finding.fault().isPresent()) {
            Fault fault = finding.fault().get();
            text.append(fault.explain());
            extra(finding, fault);
            return;
        }
        text.append(finding.summary()).append('\n');
        row("evidence", finding.evidence(), false);
        row("do", finding.actions(), true);
    }

    private void extra(Finding finding, Fault fault) {
        List<String> known = fault.evidence().stream().map(Object::toString).toList();
        row(
                "evidence",
                finding.evidence().stream()
                        .filter(each -> !known.contains(each))
                        .toList(),
                false);
        List<String> advised = fault.remedies().stream().map(Object::toString).toList();
        row(
                "first",
                finding.actions().stream()
                        .filter(each -> !advised.contains(each))
                        .toList(),
                false);
    }

    private void row(String label, List<String> items, boolean numbered) {
        int number = 1;
        for (String item : items) {
            text.append(String.format(Locale.ROOT, "  %-9s", number == 1 ? label : ""));
            text.append(numbered ? number + ") " : "").append(item).append('\n');
            number++;
        }
    }

    private static String totals(List<Finding> findings) {
        return findings.size() + " checks: " + count(findings, Status.OK) + " ok, " + count(findings, Status.WARN)
                + " to look at, " + count(findings, Status.FAIL) + " failed, " + count(findings, Status.SKIP)
                + " skipped";
    }

    private static long count(List<Finding> findings, Status status) {
        return findings.stream().filter(finding -> finding.is(status)).count();
    }

    static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
