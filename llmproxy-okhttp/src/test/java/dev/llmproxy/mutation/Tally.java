package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of damaged answers, by the kind of the damage and by the format of the answer. */
final class Tally {
    private final Map<String, Row> kinds = new TreeMap<>();
    private final Map<String, Row> formats = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();

    void add(String kind, Recording recording, Truth truth, Outcome outcome) {
        add(kind, recording.format(), recording.name(), truth, outcome);
    }

    void add(String kind, String format, String name, Truth truth, Outcome outcome) {
        String mistake = kinds.computeIfAbsent(kind, key -> new Row()).add(truth, outcome);
        formats.computeIfAbsent(format, key -> new Row()).add(truth, outcome);
        if (!mistake.isEmpty()) {
            mistakes.add(mistake + ": " + kind + " of " + name + ", expected "
                    + (truth.causes().isEmpty() ? truth.effect() : truth.causes()) + ", was " + outcome.cause() + " ("
                    + outcome.detail() + ")");
        }
    }

    /** Returns what the library got wrong, a line for each. */
    List<String> mistakes() {
        return mistakes;
    }

    Map<String, Row> kinds() {
        return kinds;
    }

    Map<String, Row> formats() {
        return formats;
    }

    /** One line of a table. */
    static final class Row {
        private int broken;
        private int found;
        private int silent;
        private int wrongCause;
        private int plausible;
        private int noticed;
        private int harmless;
        private int falseAlarms;

        private String add(Truth truth, Outcome outcome) {
            FaultCause cause = outcome.cause();
            switch (truth.effect()) {
                case BROKEN -> {
                    broken++;
                    if (cause == null) {
                        silent++;
                        return "silent";
                    }
                    if (!truth.causes().contains(cause)) {
                        wrongCause++;
                        return "wrong cause";
                    }
                    found++;
                }
                case PLAUSIBLE -> {
                    plausible++;
                    noticed += cause != null || outcome.isTold() ? 1 : 0;
                }
                case HARMLESS -> {
                    harmless++;
                    if (cause != null) {
                        falseAlarms++;
                        return "false alarm";
                    }
                }
            }
            return "";
        }

        void add(Row other) {
            broken += other.broken;
            found += other.found;
            silent += other.silent;
            wrongCause += other.wrongCause;
            plausible += other.plausible;
            noticed += other.noticed;
            harmless += other.harmless;
            falseAlarms += other.falseAlarms;
        }

        String cells() {
            return tried() + " | " + broken + " | " + found + " | " + silent + " | " + wrongCause + " | " + plausible
                    + " | " + noticed + " | " + harmless + " | " + falseAlarms;
        }

        int tried() {
            return broken + plausible + harmless;
        }
    }
}
