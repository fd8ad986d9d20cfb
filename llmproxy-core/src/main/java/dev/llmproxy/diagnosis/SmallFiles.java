package dev.llmproxy.diagnosis;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Reads what the kernel tells in small files. A file that is missing, or cannot be read, tells nothing. */
final class SmallFiles {
    private static final int LARGEST = 1 << 16;
    private static final int LONGEST = 18;

    private SmallFiles() {}

    // The pulse reads some of them once a second, and so rarely that its code stays slow: the plainest way is the best.
    static List<String> lines(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            String text = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
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
