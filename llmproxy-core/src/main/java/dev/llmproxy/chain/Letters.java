package dev.llmproxy.chain;

import java.util.Arrays;

/**
 * The letters and digits of a text, in lower case and without those of escapes, and where they stand in it.
 *
 * @param letters nothing but them
 * @param places the index of each in the text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Letters(String letters, int[] places) {
    // What of an escape stands behind its backslash.
    private static final int LETTER = 1;
    private static final int UNIT = 5;
    private static final int OCTET = 2;
    private static final int HEX = 16;

    static Letters of(String text) {
        StringBuilder letters = new StringBuilder(text.length());
        int[] places = new int[text.length()];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i += text.startsWith("u", i + 1) ? UNIT : LETTER;
            } else if (c == '%' && isOctet(text, i + 1)) {
                i += OCTET;
            } else if (Character.isLetterOrDigit(c)) {
                places[letters.length()] = i;
                letters.append(Character.toLowerCase(c));
            }
        }
        return new Letters(letters.toString(), Arrays.copyOf(places, letters.length()));
    }

    // As URLs escape what is no letter: %20
    private static boolean isOctet(String text, int from) {
        return from + OCTET <= text.length()
                && Character.digit(text.charAt(from), HEX) >= 0
                && Character.digit(text.charAt(from + 1), HEX) >= 0;
    }

    int size() {
        return places.length;
    }

    char at(int i) {
        return letters.charAt(i);
    }

    boolean isSame(int from, Letters other, int otherFrom, int length) {
        return letters.regionMatches(from, other.letters, otherFrom, length);
    }

    /** Says whether no other letter touches these: that they are words, not parts of some. */
    boolean areWords(int from, int to) {
        boolean begins = from == 0 || places[from] > places[from - 1] + 1;
        boolean ends = to == size() || places[to] > places[to - 1] + 1;
        return begins && ends;
    }

    @Override
    public String toString() {
        return size() + " letters";
    }
}
