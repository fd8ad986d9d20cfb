package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the pages say of a cause in words: what it is, how it is recognised ({@code >}), how to resolve it ({@code -}), and
 * how to reproduce it where no scene does ({@code ~}). One file for each family.
 */
final class FaultProse {
    final List<String> what = new ArrayList<>();
    final List<String> recognised = new ArrayList<>();
    final List<String> resolve = new ArrayList<>();
    final List<String> reproduce = new ArrayList<>();

    private FaultProse() {}

    /** Reads the files of all families. */
    static Map<FaultCause, FaultProse> all() {
        Map<FaultCause, FaultProse> all = new EnumMap<>(FaultCause.class);
        for (FaultFamily family : FaultFamily.values()) {
            String name = family.name().toLowerCase(Locale.ROOT);
            read(Path.of("src/test/resources/dev/llmproxy/examples/faults/" + name + ".md"), family, all);
        }
        return all;
    }

    private static void read(Path file, FaultFamily family, Map<FaultCause, FaultProse> all) {
        FaultProse current = null;
        for (String line : Sources.text(file).lines().toList()) {
            if (line.startsWith("## ")) {
                FaultCause cause = FaultCause.valueOf(line.substring(3));
                current = new FaultProse();
                if (cause.family() != family || all.put(cause, current) != null) {
                    throw new IllegalStateException(cause + " in " + file);
                }
            } else if (current != null && !line.isEmpty()) {
                current.take(line);
            }
        }
    }

    private void take(String line) {
        if (line.startsWith("> ")) {
            recognised.add(line.substring(2));
        } else if (line.startsWith("~ ")) {
            reproduce.add(line.substring(2));
        } else if (line.startsWith("- ") || !resolve.isEmpty()) {
            resolve.add(line);
        } else {
            what.add(line);
        }
    }
}
