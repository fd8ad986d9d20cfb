package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A member of an object of which the canonical form is being written, and where it lies there. */
final class Member {
    private int start;
    private int nameEnd;
    private int end;
    private boolean plain;
    private boolean leftOut;
    private @Nullable String name;

    /**
     * Begins with the name that was written last, quotes included.
     *
     * @param isPlain whether it has neither escapes nor anything but ASCII
     */
    void begin(int from, int to, boolean isPlain, boolean isLeftOut) {
        start = from;
        nameEnd = to;
        end = to;
        plain = isPlain;
        leftOut = isLeftOut;
        name = null;
    }

    /** Ends the member, and returns where what it has written may end. */
    int end(int to) {
        end = leftOut ? nameEnd : to;
        return end;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    boolean isLeftOut() {
        return leftOut;
    }

    /** Compares the names by their UTF-16 code units. */
    int compareTo(Member other, byte[] text) {
        return plain && other.plain ? comparePlain(other, text) : name(text).compareTo(other.name(text));
    }

    // Most names differ in their first letters.
    private int comparePlain(Member other, byte[] text) {
        int length = nameEnd - start;
        int otherLength = other.nameEnd - other.start;
        int last = Math.min(length, otherLength) - 1;
        for (int i = 1; i < last; i++) {
            int difference = text[start + i] - text[other.start + i];
            if (difference != 0) {
                return difference;
            }
        }
        return length - otherLength;
    }

    private String name(byte[] text) {
        String known = name;
        if (known == null) {
            known = unescaped(new String(text, start + 1, nameEnd - start - 2, StandardCharsets.UTF_8));
            name = known;
        }
        return known;
    }

    private static String unescaped(String canonical) {
        if (canonical.indexOf('\\') < 0) {
            return canonical;
        }
        StringBuilder name = new StringBuilder(canonical.length());
        int i = 0;
        while (i < canonical.length()) {
            char c = canonical.charAt(i);
            if (c != '\\') {
                name.append(c);
                i++;
            } else if (canonical.charAt(i + 1) == 'u') {
                name.append((char) Integer.parseInt(canonical, i + 2, i + 6, 16));
                i += 6;
            } else {
                name.append(meantBy(canonical.charAt(i + 1)));
                i += 2;
            }
        }
        return name.toString();
    }

    private static char meantBy(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> escape;
        };
    }
}
