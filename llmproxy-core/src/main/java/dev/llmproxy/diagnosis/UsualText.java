package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.Usual;

/** What is usual, in one line of evidence. */
final class UsualText {
    private UsualText() {}

    static String of(Usual usual, boolean streaming) {
        StringBuilder text = new StringBuilder(streaming ? "first token" : "answer")
                .append(" after ")
                .append(Units.time(usual.firstMedian()))
                .append(" (median), ")
                .append(Units.time(usual.firstHigh()))
                .append(" (99 of 100)");
        if (usual.perToken() > 0) {
            text.append(", ").append(Units.time(usual.perToken())).append(" a token");
        }
        if (usual.gapHigh() > 0) {
            text.append(", longest pause ").append(Units.time(usual.gapHigh())).append(" (99 of 100)");
        }
        text.append(", of ").append(usual.samples()).append(" answers in the last hour");
        if (usual.cutShort() > 0) {
            text.append(" and ").append(usual.cutShort()).append(" that a budget ended");
        }
        return text.toString();
    }
}
