package dev.llmproxy.diagnosis;

import java.util.Locale;

/** Finds the numbers that a message names, by the words before them. */
final class Numbers {
    private static final int LONGEST = 15;

    private Numbers() {}

    /** Returns the first number that stands behind these words, or -1. It may be grouped, as in 30,000. */
    static long after(String words, String text) {
        int at = text.indexOf(words);
        while (at >= 0) {
            long number = at(text, at + words.length());
            if (number >= 0) {
                return number;
            }
            // Behind the end there are only empty words, without end.
            at = at < text.length() ? text.indexOf(words, at + 1) : -1;
        }
        return -1;
    }

    private static long at(String text, int start) {
        long number = 0;
        int digits = 0;
        for (int i = start; i < text.length() && digits <= LONGEST; i++) {
            char c = text.charAt(i);
            if (isDigit(text, i)) {
                number = 10 * number + (c - '0');
                digits++;
            } else if (digits == 0 ? ":~ ".indexOf(c) < 0 : c != ',' || !isDigit(text, i + 1)) {
                break;
            }
        }
        return digits == 0 || digits > LONGEST ? -1 : number;
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
