package dev.llmproxy.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The tables of a run, which replace those of a document where one is named by a property. */
final class MutationReport {
    private static final String BEGIN = "<!-- tables of MutationTest -->\n";
    private static final String END = "<!-- end of tables -->";
    private static final String COLUMNS = """
             | tried | broken | found | silent | wrong cause | plausible | of them noticed | harmless | false alarms |
            |---|---|---|---|---|---|---|---|---|---|
            """;

    private final Map<String, Tally> sections = new TreeMap<>();

    void add(String title, Tally tally) {
        sections.put(title, tally);
    }

    void writeWhereAsked() throws IOException {
        String property = System.getProperty("llmproxy.report");
        if (property == null || sections.isEmpty()) {
            return;
        }
        Path document = Path.of(property);
        String text = Files.readString(document);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        if (from < BEGIN.length() || to < from) {
            throw new IOException(
                    document + ": no place for the tables (expected: " + BEGIN.strip() + " and " + END + ")");
        }
        Files.writeString(document, text.substring(0, from) + tables() + "\n" + text.substring(to));
    }

    private String tables() {
        StringBuilder tables = new StringBuilder();
        Map<String, Tally.Row> formats = new TreeMap<>();
        sections.forEach((title, tally) -> {
            table(tables, title, "kind", tally.kinds());
            tally.formats()
                    .forEach((format, row) -> formats.computeIfAbsent(format, key -> new Tally.Row())
                            .add(row));
        });
        table(tables, "All of these by format", "format", formats);
        return tables.toString();
    }

    private static void table(StringBuilder tables, String title, String first, Map<String, Tally.Row> rows) {
        tables.append("\n### ").append(title).append("\n\n| ").append(first).append(COLUMNS);
        Tally.Row sum = new Tally.Row();
        rows.forEach((name, row) -> {
            sum.add(row);
            tables.append("| ").append(name).append(" | ").append(row.cells()).append(" |\n");
        });
        tables.append("| **all** | ").append(sum.cells()).append(" |\n");
    }
}
