package dev.llmproxy.report;

/**
 * The report as a page for a browser, with everything in it: it loads nothing, and what comes from requests and answers
 * is data to it, never markup. For the packages above, not for applications: these call {@link Report#writeHtml}.
 */
public final class ReportPage {
    private ReportPage() {}

    /**
     * Returns the page of one report, as a file.
     *
     * @param report the report
     * @return an HTML document whose script may not open a connection
     */
    public static String file(Report report) {
        return Shell.FILE.around(
                StaticFindings.of(report),
                Escapes.html(ReportText.of(report)),
                Escapes.json(ReportJson.compact(report)));
    }

    /**
     * Returns the page that asks the server it came from for reports. There is nothing of a report in it.
     *
     * @return an HTML document
     */
    public static String live() {
        return Shell.LIVE.around("", "", "null");
    }

    /**
     * Returns what the live page may do, for the header {@code Content-Security-Policy}.
     *
     * @return the policy: nothing but its own script and style, and connections to where it came from
     */
    public static String livePolicy() {
        return Shell.LIVE.policy() + "; frame-ancestors 'none'";
    }

    /**
     * Returns what the live page is told of a report.
     *
     * @param report the report
     * @return {@link Report#toJson} on one line
     */
    public static String data(Report report) {
        return ReportJson.compact(report);
    }
}
