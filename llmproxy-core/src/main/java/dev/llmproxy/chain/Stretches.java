package dev.llmproxy.chain;

/**
 * The stretches of a text from outside, and which of them somebody has said. Only letters and digits are compared, so that it
 * does not matter how either side has escaped, joined or cut its words.
 */
final class Stretches {
    /** How many letters and digits in a row are no chance: what is equal by chance costs some words of a message. */
    static final int LENGTH = 12;

    private static final String MARK = "***";
    private static final int SHORTEST = 3;
    private static final int SLOTS = 1024;
    private static final int FACTOR = 31;
    private static final int TOP = top();

    private final String whole;
    private final Letters text;
    private final boolean[] said;
    // By their hash: the first of each, and which comes behind which; counted from 1.
    private final int[] firsts = new int[SLOTS];
    private final int[] nexts;

    private Stretches(String whole) {
        this.whole = whole;
        this.text = Letters.of(whole);
        this.said = new boolean[text.size()];
        this.nexts = new int[text.size() + 1];
    }

    private static int top() {
        int top = 1;
        for (int i = 1; i < LENGTH; i++) {
            top *= FACTOR;
        }
        return top;
    }

    static Stretches of(String whole) {
        Stretches all = new Stretches(whole);
        int hash = 0;
        for (int i = 0; i < all.text.size(); i++) {
            hash = roll(hash, all.text, i);
            int start = i - LENGTH + 1;
            if (start >= 0) {
                int slot = slot(hash);
                all.nexts[start + 1] = all.firsts[slot];
                all.firsts[slot] = start + 1;
            }
        }
        return all;
    }

    /** Marks the stretches that are in another text, too. */
    void compare(Letters other) {
        int hash = 0;
        for (int i = 0; i < other.size(); i++) {
            hash = roll(hash, other, i);
            if (i >= LENGTH - 1) {
                mark(other, i - LENGTH + 1, firsts[slot(hash)]);
            }
        }
    }

    private void mark(Letters other, int at, int candidate) {
        for (int start = candidate - 1; start >= 0; start = nexts[start + 1] - 1) {
            if (text.isSame(start, other, at, LENGTH)) {
                mark(start, LENGTH);
            }
        }
    }

    private void mark(int from, int length) {
        for (int i = from; i < from + length; i++) {
            said[i] = true;
        }
    }

    /** Marks words that are the whole of another text. */
    void compareWhole(Letters other) {
        int length = other.size();
        for (int i = 0; length >= SHORTEST && i + length <= text.size(); i++) {
            if (text.isSame(i, other, 0, length) && text.areWords(i, i + length)) {
                mark(i, length);
            }
        }
    }

    private static int roll(int hash, Letters letters, int i) {
        int shorter = i < LENGTH ? hash : hash - letters.at(i - LENGTH) * TOP;
        return shorter * FACTOR + letters.at(i);
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }

    /** Says whether any stretch is marked. */
    boolean isAnySaid() {
        for (boolean each : said) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /** Returns the text with three asterisks in place of what is marked. */
    String masked() {
        StringBuilder masked = new StringBuilder(whole.length());
        int from = 0;
        for (int i = 0; i < said.length; i++) {
            if (said[i]) {
                masked.append(whole, from, text.places()[i]).append(MARK);
                while (i + 1 < said.length && said[i + 1]) {
                    i++;
                }
                from = text.places()[i] + 1;
            }
        }
        return masked.append(whole, from, whole.length()).toString();
    }

    @Override
    public String toString() {
        return "stretches of " + text;
    }
}
