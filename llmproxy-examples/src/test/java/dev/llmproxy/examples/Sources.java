package dev.llmproxy.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this project that the tests read. */
final class Sources {
    // Surefire runs in the module's directory.
    private static final Path MODULE = Path.of("").toAbsolutePath();

    private Sources() {}

    /** Returns the programs and their helpers. */
    static List<Path> examples() {
        return files("src/main/java", ".java");
    }

    /** Returns all code of this module. */
    static List<Path> compiled() {
        return files("src", ".java");
    }

    /** Returns the main code of a module. */
    static List<Path> main(String module) {
        return filesIn(project(module + "/src/main/java"), Integer.MAX_VALUE, ".java")
                .toList();
    }

    /** Returns README, the other pages beside it, and those in docs. */
    static List<Path> documents() {
        return Stream.concat(filesIn(project("."), 1, ".md"), filesIn(project("docs"), 2, ".md"))
                .toList();
    }

    /** Returns a file of the project. */
    static Path project(String path) {
        return MODULE.resolveSibling(path).normalize();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String directory, String ending) {
        return filesIn(MODULE.resolve(directory), Integer.MAX_VALUE, ending).toList();
    }

    private static Stream<Path> filesIn(Path directory, int depth, String ending) {
        if (!Files.isDirectory(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(directory, depth)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
