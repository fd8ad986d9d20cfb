package dev.llmproxy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The committed results of the simulations, docs/simulations.md. Each simulation is a test that prints the same lines
 * whenever it runs, because its chance comes from seeds; {@link #assertSection} compares them with those that are
 * committed, so that a change of behaviour shows in the diff. With {@code -Dsimulations.update=true} it writes them instead.
 */
public final class SimulationReport {
    /** The sections in the order of the file. A new simulation adds its title here. */
    static final List<String> SECTIONS = List.of(
            "Adaptive timeouts",
            "Retries in an outage",
            "A pool of keys",
            "Hedging",
            "Adaptive limit",
            "Balancing in an outage",
            "Anomalies");

    private static final String HEADING = "## ";
    // Surefire runs in the module's directory.
    private static final Path FILE = Path.of("").toAbsolutePath().resolveSibling("docs/simulations.md");
    private static final boolean UPDATE = Boolean.getBoolean("simulations.update");

    private SimulationReport() {}

    /** Makes sure that a section of the report says exactly this. */
    public static void assertSection(String title, String text) {
        assertThat(SECTIONS).contains(title);
        if (UPDATE) {
            update(title, text.strip());
        }
        assertThat(sections().get(title))
                .as("%s, section %s (after a change that is meant: -Dsimulations.update=true)", FILE, title)
                .isEqualTo(text.strip());
    }

    private static synchronized void update(String title, String text) {
        Map<String, String> sections = sections();
        sections.put(title, text);
        StringBuilder file = new StringBuilder(introduction()).append('\n');
        for (String each : SECTIONS) {
            String section = sections.get(each);
            if (section != null) {
                file.append('\n')
                        .append(HEADING)
                        .append(each)
                        .append("\n\n")
                        .append(section)
                        .append('\n');
            }
        }
        try {
            Files.writeString(FILE, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String introduction() {
        String text = text();
        int end = text.indexOf('\n' + HEADING);
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /** Returns the texts of the committed sections by their titles, in the order of the file. */
    static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] parts = text().split('\n' + HEADING, -1);
        for (int i = 1; i < parts.length; i++) {
            int end = parts[i].indexOf('\n');
            sections.put(
                    parts[i].substring(0, end).strip(), parts[i].substring(end).strip());
        }
        return sections;
    }

    private static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
