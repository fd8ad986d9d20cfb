package dev.llmproxy.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads what the kernel tells in small files. A file that is missing, or cannot be read, tells nothing. */
final class SmallFiles {
    private static final int LONGEST = 18;

    private SmallFiles() {}

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /** Returns the number behind a name and a space, or a negative number. */
    static long number(Path file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name + " ")) {
                return number(line.substring(name.length() + 1));
            }
        }
        return Machine.UNKNOWN;
    }

    /** Returns the first number in a file, or a negative number. */
    static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? Machine.UNKNOWN : number(lines.get(0));
    }

    /** Returns the number that a text begins with, or a negative number. */
    static long number(String text) {
        long number = 0;
        int digits = 0;
        while (digits < text.length() && digits < LONGEST && Character.isDigit(text.charAt(digits))) {
            number = 10 * number + Character.digit(text.charAt(digits), 10);
            digits++;
        }
        return digits == 0 ? Machine.UNKNOWN : number;
    }
}
