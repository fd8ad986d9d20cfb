package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A member of an object of which the canonical form is being written. It stays in the document as long as its name and
 * its value are canonical as they stand there, and is written only when the object ends and their order is known.
 */
final class Member {
    // Quotes included: in the document if it is plain, else in what was written.
    private int name;
    private int nameEnd;
    private boolean plain;
    private boolean written;
    private boolean leftOut;
    // Of the value in the document, or of all of it where it was written.
    private int start;
    private int end;
    private @Nullable String unescaped;

    /** Begins with a name in the document that has neither escapes nor anything but ASCII, quotes included. */
    void begin(int from, int to) {
        begin(from, to, true);
    }

    /** Begins with a name that was written, quotes included. */
    void beginWritten(int from, int to) {
        begin(from, to, false);
        start = from;
    }

    private void begin(int from, int to, boolean isPlain) {
        name = from;
        nameEnd = to;
        plain = isPlain;
        written = !isPlain;
        leftOut = false;
        unescaped = null;
    }

    void leaveOut() {
        leftOut = true;
    }

    boolean isLeftOut() {
        return leftOut;
    }

    boolean isWritten() {
        return written;
    }

    /** Begins to write the member, which was not written so far, in front of its value. */
    void write(CanonicalText text, byte[] json) {
        written = true;
        start = text.size();
        text.add(json, name, nameEnd);
        text.add(':');
    }

    /** Ends a member that was written, and returns where what it has written may end. */
    int end(int to) {
        // Its name may have to be compared later on.
        end = leftOut ? start + nameEnd - name : to;
        return end;
    }

    /** Ends a member that was not written: its value lies in the document. */
    void end(int from, int to) {
        start = from;
        end = to;
    }

    /**
     * Adds the member.
     *
     * @param moved what was written from {@code begin} on
     */
    void addTo(CanonicalText text, byte[] json, byte[] moved, int begin) {
        if (written) {
            text.add(moved, start - begin, end - begin);
        } else if (start == nameEnd + 1) {
            // There is nothing but the colon in between.
            text.add(json, name, end);
        } else {
            text.add(json, name, nameEnd);
            text.add(':');
            text.add(json, start, end);
        }
    }

    /** Compares the names by their UTF-16 code units. */
    int compareTo(Member other, byte[] json, byte[] text) {
        return plain && other.plain
                ? comparePlain(other, json)
                : name(json, text).compareTo(other.name(json, text));
    }

    // Most names differ in their first letters.
    private int comparePlain(Member other, byte[] json) {
        int length = nameEnd - name;
        int otherLength = other.nameEnd - other.name;
        int last = Math.min(length, otherLength) - 1;
        for (int i = 1; i < last; i++) {
            int difference = json[name + i] - json[other.name + i];
            if (difference != 0) {
                return difference;
            }
        }
        return length - otherLength;
    }

    private String name(byte[] json, byte[] text) {
        String known = unescaped;
        if (known == null) {
            byte[] source = plain ? json : text;
            known = unescaped(new String(source, name + 1, nameEnd - name - 2, StandardCharsets.UTF_8));
            unescaped = known;
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
