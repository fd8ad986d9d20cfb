package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Evidence;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The reviewed explanations of planted faults, less what differs from run to run. With {@code -Dpages.update=true} they are
 * written instead.
 */
final class PlantedTexts {
    private static final Path FILE = Path.of("src/test/resources/dev/llmproxy/okhttp/planted-faults.txt");
    private static final boolean UPDATE = Boolean.getBoolean("pages.update");
    private static final Pattern TIME = Pattern.compile("\\b\\d+(\\.\\d+)? (us|ms|s)\\b");
    // A time that was measured may be equal to one that was set.
    private static final Pattern MEASURED = Pattern.compile(
            "\\b(within|elapsed =|up to|open for|idle for|typically after|failed after =|answered after) \\d+(\\.\\d+)? (us|ms|s)\\b");
    // What the tests set; everything else was measured.
    private static final Set<String> SET = Set.of("500 ms", "2.0 s");

    private PlantedTexts() {}

    static void assertReviewed(String title, Fault fault) throws IOException {
        String text = steady(fault).explain();
        SortedMap<String, String> reviewed = read();
        if (UPDATE) {
            reviewed.put(title, text);
            write(reviewed);
        }
        assertThat(text)
                .as("%s (after a change that is meant: -Dpages.update=true)", title)
                .isEqualTo(reviewed.get(title));
    }

    private static Fault steady(Fault fault) {
        return new Fault(
                fault.cause(),
                fault.confidence(),
                steady(fault.summary()),
                steady(fault.where()),
                fault.evidence().stream().map(PlantedTexts::steady).toList(),
                fault.ruledOut().stream().map(PlantedTexts::steady).toList(),
                fault.remedies().stream()
                        .map(remedy -> new Remedy(
                                steady(remedy.action()), remedy.setting().map(PlantedTexts::steady)))
                        .toList(),
                fault.mayHaveBilled(),
                fault.retry(),
                fault.retryAfter());
    }

    private static Evidence steady(Evidence item) {
        return new Evidence(item.name(), item.name().equals("call") ? "abcd-1" : steady(item.value()));
    }

    private static String steady(String text) {
        return TIME.matcher(MEASURED.matcher(text).replaceAll("$1 n ms"))
                .replaceAll((MatchResult time) -> SET.contains(time.group()) ? time.group() : "n " + time.group(2))
                .replaceAll("n us|n s", "n ms")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:8080")
                .replaceAll("PT[\\d.]+S", "PT1S")
                .replaceAll("#[0-9a-f]{8}", "#01234567")
                // How that is known depends on what else the machine has to do.
                .replaceAll("^this process: .*", "this process: it ran all the time");
    }

    private static SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        String all = Files.exists(FILE) ? Files.readString(FILE) : "";
        for (String part : all.split("(?m)^## ", 0)) {
            int end = part.indexOf('\n');
            if (end > 0) {
                texts.put(part.substring(0, end), part.substring(end + 1, part.length() - 1));
            }
        }
        return texts;
    }

    private static void write(SortedMap<String, String> texts) throws IOException {
        StringBuilder all = new StringBuilder();
        texts.forEach((title, text) ->
                all.append("## ").append(title).append('\n').append(text).append('\n'));
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, all);
    }
}
