package dev.llmproxy.health;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The class path of the tests as applications have it: in files that stay open, so that a class needs no descriptor. */
final class ClassPathInJars {
    private static final String TEXT = make();

    private ClassPathInJars() {}

    static String text() {
        return TEXT;
    }

    private static String make() {
        String given = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(given.split(File.pathSeparator, -1))
                .map(Path::of)
                .map(entry -> Files.isDirectory(entry) ? jar(entry) : entry)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path jar(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            Path jar = Files.createTempFile("classes", ".jar");
            jar.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream entries = new JarOutputStream(out)) {
                for (Path file : files) {
                    entries.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                    Files.copy(file, entries);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
