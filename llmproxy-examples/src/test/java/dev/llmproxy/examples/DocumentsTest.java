package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.ScriptedProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to what is compiled, printed and built. */
class DocumentsTest {
    private static final Path README = Sources.project("README.md");

    @Test
    void everyBlockOfJavaIsPartOfACompiledSource() {
        for (Path document : Sources.documents()) {
            for (String block : blocks(document, "java")) {
                assertThat(Sources.compiled())
                        .as("%s:%n%s", document, block)
                        .anyMatch(source -> contains(source, block));
            }
        }
        assertThat(blocks(README, "java")).hasSize(2);
    }

    @Test
    void theDiagnosisInReadmeIsWhatTheDemoPrints() throws Exception {
        String diagnosis = blocks(README, "text").get(0);
        assertThat(diagnosis).startsWith("timeout.stream-stalled  ").contains("  do       1) ");
        assertThat(withoutIds(Printed.by(Demo::main))).contains(withoutIds(diagnosis));
    }

    @Test
    void theExaminationInTheDocumentIsWhatTheDoctorPrints() throws Exception {
        String document = blocks(Sources.project("docs/doctor.md"), "text").get(1);
        assertThat(document).startsWith("llmproxy doctor: ").contains("[fail] endpoint: ", "did you mean gpt-4o-mini?");
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.answer(Replies::models);
            String printed =
                    Printed.by(args -> RunTheDoctor.run(List.of(args)), "--model", "gpt-4o-mimi", provider.url("/"));
            assertThat(withoutMeasures(printed).lines().toList())
                    .containsSubsequence(withoutMeasures(document).lines().toList());
        }
    }

    // A busy machine, or one with little memory, is told of more.
    private static String withoutMeasures(String examination) {
        return withoutPorts(examination)
                .replaceAll("\\[\\w+] (heap|cpu|connect): .*\n", "")
                .replaceAll("\\d+ ok, \\d+ to look at", "some ok");
    }

    @Test
    void theFirstScreenShowsTheWrappingAndADiagnosis() {
        List<String> lines = Sources.text(README).lines().toList();
        assertThat(lines).hasSizeLessThanOrEqualTo(120);
        assertThat(lines.subList(0, 30))
                .anyMatch(line -> line.contains("OkHttpLlmProxy.wrap("))
                .anyMatch(line -> line.startsWith("  do       1) "));
    }

    @Test
    void theVersionsInTheDocumentsAreThoseOfTheBuild() {
        String readme = Sources.text(README);
        String parent = Sources.text(Sources.project("pom.xml"));
        String module = Sources.text(Path.of("pom.xml"));
        assertThat(readme)
                .contains("<version>" + element("version", parent) + "</version>")
                .contains("<artifactId>okhttp</artifactId><version>" + element("okhttp.version", parent))
                .contains("<artifactId>okhttp-jvm</artifactId><version>" + element("okhttp.version", parent));
        assertThat(Sources.text(Sources.project("docs/sdks.md")))
                .contains("| openai-java | " + element("openai-java.version", module) + " |")
                .contains("| anthropic-java | " + element("anthropic-java.version", module) + " |")
                .contains("| LangChain4j | " + element("langchain4j.version", module) + " |")
                .contains("| google-genai | " + element("google-genai.version", module) + " |");
    }

    @Test
    void everyLinkToAFileLeadsToOne() {
        Pattern link = Pattern.compile("\\]\\((?!https?:)([^)#]+)");
        for (Path document : Sources.documents()) {
            assertThat(link.matcher(Sources.text(document)).results().map(found -> found.group(1)))
                    .as(document.toString())
                    .allMatch(target -> Files.exists(document.resolveSibling(target)));
        }
    }

    @Test
    void everyEventStandsInTheTableOfEvents() {
        assertThat(Stream.of(LlmEvent.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .map(event -> "`" + event.getSimpleName() + "`"))
                .hasSizeGreaterThan(20)
                .allMatch(firstColumn("docs/events.md")::contains);
    }

    @Test
    void everyConditionStandsInTheTableOfConditions() {
        assertThat(Stream.of(FaultCause.values())
                        .filter(cause -> cause.kind() == FaultCause.Kind.CONDITION)
                        .map(cause -> "`" + cause.code() + "`"))
                .hasSizeGreaterThan(5)
                .allMatch(firstColumn("docs/faults.md")::contains);
    }

    private static String firstColumn(String document) {
        return Pattern.compile("^\\| ([^|]+) \\|", Pattern.MULTILINE)
                .matcher(Sources.text(Sources.project(document)))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> blocks(Path document, String language) {
        Matcher blocks =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Sources.text(document));
        return blocks.results().map(block -> block.group(1)).toList();
    }

    // The same lines one after the other, wherever they are indented to.
    private static boolean contains(Path source, String block) {
        List<String> lines = Sources.text(source).lines().toList();
        int height = (int) block.lines().count();
        return IntStream.rangeClosed(0, lines.size() - height)
                .mapToObj(from -> String.join("\n", lines.subList(from, from + height)))
                .anyMatch(part -> part.stripIndent().equals(block.stripIndent().stripTrailing()));
    }

    private static String withoutIds(String printed) {
        return withoutPorts(printed)
                .replaceAll("call = \\S+", "call")
                .replaceAll("elapsed = \\S+ m?s", "elapsed")
                // A busy machine may have stopped it for a moment.
                .replaceAll("not +this process: .*", "")
                // Lengths decide where a line of evidence is broken.
                .replace(";", "")
                .replaceAll("\\s+", " ");
    }

    // Nor fingerprints of keys.
    private static String withoutPorts(String printed) {
        return printed.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1").replaceAll("#[0-9a-f]{8}", "#");
    }

    private static String element(String name, String pom) {
        return Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<")
                .matcher(pom)
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElseThrow();
    }
}
