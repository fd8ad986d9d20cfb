package dev.llmproxy.report;

/** The report as one file that loads nothing and runs nothing. */
final class ReportHtml {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>llmproxy report</title>
            <style>
            :root { color-scheme: light dark }
            body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif }
            pre { overflow-x: auto; font: 13px/1.5 ui-monospace, monospace }
            </style>
            </head>
            <body>
            <main>
            <h1>llmproxy report</h1>
            <pre>""";
    private static final String FOOT = "</pre>\n</main>\n</body>\n</html>\n";

    private ReportHtml() {}

    static String of(Report report) {
        return HEAD + escaped(ReportText.of(report)) + FOOT;
    }

    // Names and messages come from requests and answers.
    private static String escaped(String text) {
        StringBuilder html = new StringBuilder(text.length() + text.length() / 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '&' -> html.append("&amp;");
                case '"' -> html.append("&quot;");
                default -> html.append(c);
            }
        }
        return html.toString();
    }
}
