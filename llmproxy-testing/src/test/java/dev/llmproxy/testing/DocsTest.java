package dev.llmproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles the code of the documentation and runs its first example. */
class DocsTest {
    private static final Path PAGE = Path.of("../docs/testing.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/llmproxy/testing");
    private static final Pattern FENCED = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CELL = Pattern.compile("^\\|[^|]+\\| `(.*)` \\|$", Pattern.MULTILINE);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL);

    @TempDir
    private Path out;

    @Test
    void theFirstExampleIsATestThatRuns() throws IOException {
        String test = Files.readString(Path.of("src/test/java/dev/llmproxy/testing/CutStreamTest.java"));
        String example = found(FENCED, Files.readString(PAGE)).get(0);
        assertThat(example.lines().filter(line -> !line.startsWith("import dev.")))
                .containsExactlyElementsOf(test.lines().skip(2).toList());
    }

    @Test
    void theTableOfFaultsCompiles() throws IOException {
        List<String> faults = found(CELL, Files.readString(PAGE));
        assertThat(faults).hasSizeGreaterThan(40);
        assertThat(Snippet.ofExpressions(faults).errors(out)).isEmpty();
    }

    static Stream<String> javadoc() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.sorted().flatMap(file -> found(JAVADOC, read(file)).stream()).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("javadoc")
    void theExamplesInJavadocCompile(String javadoc) {
        String code = javadoc.replaceAll("(?m)^ \\* ?", "");
        assertThat(List.of(
                        Snippet.ofExpressions(code.lines().toList()).errors(out),
                        Snippet.ofStatements(code).errors(out),
                        Snippet.ofDeclarations(code).errors(out)))
                .anySatisfy(errors -> assertThat(errors).isEmpty());
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
