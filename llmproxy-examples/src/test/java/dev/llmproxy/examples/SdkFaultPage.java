package dev.llmproxy.examples;

import dev.llmproxy.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table in the page about SDKs. */
final class SdkFaultPage {
    private static final String BEGIN = "<!-- table -->\n";
    private static final String END = "<!-- end of table -->\n";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private SdkFaultPage() {}

    /**
     * Plays all faults with and without a proxy, and writes the table into the page.
     *
     * @param args the file of the page
     */
    public static void main(String[] args) throws Exception {
        var without = SdkFaultTable.playedWithoutProxy(PATIENCE);
        String table =
                render(SdkFaultTable.played(), (fault, sdk) -> word(fault, SdkFaultTable.outcome(without, fault, sdk)));
        Path page = Path.of(args[0]);
        Files.writeString(page, withTable(Files.readString(page), table));
        System.out.println(table);
    }

    private static String word(SdkFault fault, Outcome outcome) {
        Outcome.End end = outcome.end();
        return fault.isSound() && end == Outcome.End.ANSWER ? "answer" : end.toString();
    }

    /** Returns the table of the page. */
    static String tableIn(String page) {
        return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    }

    private static String withTable(String page, String table) {
        return page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table + page.substring(page.indexOf(END));
    }

    /** Returns what the page says that an SDK does alone, which takes too long to be played in each build. */
    static BiFunction<SdkFault, Sdk, String> aloneIn(String page) {
        Map<String, String[]> rows = new LinkedHashMap<>();
        boolean streamed = false;
        for (String line : tableIn(page).lines().toList()) {
            streamed |= line.startsWith("| a stream");
            String[] cells = line.split("\\|", -1);
            if (cells.length > Sdk.values().length) {
                rows.put(streamed + cells[1].strip(), cells);
            }
        }
        return (fault, sdk) -> {
            String[] cells = rows.get(fault.streamed() + fault.title());
            return cells == null ? "?" : cells[2 + sdk.ordinal()].strip();
        };
    }

    static String render(Map<SdkFault, Map<Sdk, Outcome>> played, BiFunction<SdkFault, Sdk, String> alone) {
        return Stream.of(false, true)
                .map(streamed -> part(streamed, played, alone))
                .collect(Collectors.joining("\n"));
    }

    private static String part(
            boolean streamed, Map<SdkFault, Map<Sdk, Outcome>> played, BiFunction<SdkFault, Sdk, String> alone) {
        StringBuilder table = new StringBuilder();
        List<String> sdks = Stream.of(Sdk.values()).map(Sdk::toString).toList();
        table.append(row(streamed ? "a stream" : "a plain answer", sdks, "with llmproxy"));
        table.append("|---".repeat(sdks.size() + 2)).append("|\n");
        played.forEach((fault, outcomes) -> {
            if (fault.streamed() == streamed) {
                List<String> words = Stream.of(Sdk.values())
                        .map(sdk -> alone.apply(fault, sdk))
                        .toList();
                table.append(row(fault.title(), words, found(outcomes)));
            }
        });
        return table.toString();
    }

    private static String row(String first, List<String> cells, String last) {
        return "| " + first + " | " + String.join(" | ", cells) + " | " + last + " |\n";
    }

    private static String found(Map<Sdk, Outcome> outcomes) {
        Map<String, List<Sdk>> byCause = new LinkedHashMap<>();
        outcomes.forEach((sdk, outcome) -> byCause.computeIfAbsent(found(outcome), cause -> new ArrayList<>())
                .add(sdk));
        if (byCause.size() == 1) {
            return byCause.keySet().iterator().next();
        }
        return byCause.entrySet().stream()
                .map(entry -> entry.getKey() + " ("
                        + entry.getValue().stream().map(Sdk::toString).collect(Collectors.joining("; ")) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String found(Outcome outcome) {
        List<Fault> told = outcome.told();
        return told.isEmpty() ? "passes" : "`" + told.get(0).cause().code() + "`";
    }
}
