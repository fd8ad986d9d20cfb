package dev.llmproxy.fault;

/** Makes text from outside fit for one line of a log or a terminal: blanks are folded, and what is too long is cut. */
public final class OneLine {
    private OneLine() {}

    /**
     * Returns a text without line ends, control characters and characters that reorder or hide text on a terminal.
     *
     * @param text the text, from anywhere
     * @param maxLength how long it may be
     * @return the text on one line, cut where it was longer
     */
    public static String of(String text, int maxLength) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxLength));
        int i = 0;
        while (i < text.length() && line.length() <= maxLength) {
            int c = text.codePointAt(i);
            if (isHarmless(c)) {
                line.appendCodePoint(c);
            } else if (line.length() > 0 && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
            i += Character.charCount(c);
        }
        return cut(line, maxLength).strip();
    }

    private static String cut(StringBuilder line, int maxLength) {
        if (line.length() <= maxLength) {
            return line.toString();
        }
        int end = maxLength - "...".length();
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    // Not blanks and line ends, format characters that reorder or hide text on a terminal, and half characters.
    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
