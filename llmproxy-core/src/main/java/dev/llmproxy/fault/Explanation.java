package dev.llmproxy.fault;

import java.util.List;
import java.util.Locale;

/** The text of {@link Fault#explain()}. Its first line is short and starts with the code, so that it can be searched. */
final class Explanation {
    private static final int FIRST_LINE = 100;
    private static final int EVIDENCE_LINE = 110;

    private Explanation() {}

    static String of(Fault fault) {
        StringBuilder text = new StringBuilder(512);
        text.append(firstLine(fault)).append('\n');
        line(text, "what", fault.summary());
        evidence(text, fault.evidence());
        line(text, "cause", cause(fault));
        for (String ruledOut : fault.ruledOut()) {
            line(text, "not", ruledOut);
        }
        int number = 1;
        for (Remedy remedy : fault.remedies()) {
            line(text, number == 1 ? "do" : "", number + ") " + remedy);
            number++;
        }
        line(text, "more", fault.cause().page());
        return text.toString();
    }

    private static String firstLine(Fault fault) {
        String line = fault.cause().code() + "  " + fault.cause().title();
        if (!fault.where().isEmpty()) {
            line += "  (" + fault.where() + ")";
        }
        return line.length() <= FIRST_LINE ? line : line.substring(0, FIRST_LINE - 3) + "...";
    }

    private static String cause(Fault fault) {
        return String.format(
                Locale.ROOT,
                "%s, %s %s (confidence %.2f)%s",
                fault.cause().title(),
                fault.blame() == Blame.UNKNOWN
                        ? "nobody known"
                        : fault.blame().name().toLowerCase(Locale.ROOT),
                "can change it",
                fault.confidence(),
                fault.mayHaveBilled() ? "; this attempt may have been billed" : "");
    }

    // As many observations on a line as fit.
    private static void evidence(StringBuilder text, List<Evidence> evidence) {
        StringBuilder row = new StringBuilder();
        String label = "evidence";
        for (Evidence item : evidence) {
            if (row.length() > 0 && row.length() + item.toString().length() > EVIDENCE_LINE) {
                line(text, label, row.toString());
                label = "";
                row.setLength(0);
            }
            row.append(row.length() == 0 ? "" : "; ").append(item);
        }
        if (row.length() > 0) {
            line(text, label, row.toString());
        }
    }

    private static void line(StringBuilder text, String label, String content) {
        text.append("  ").append(label);
        for (int i = label.length(); i < 9; i++) {
            text.append(' ');
        }
        text.append(content).append('\n');
    }
}
