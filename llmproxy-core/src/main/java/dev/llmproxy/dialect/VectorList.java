package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/** Vectors of one kind: all are of one length, which is the one that was asked for, and none is of zeros alone. */
final class VectorList {
    private static final long UNKNOWN = -1;

    private long vectors;
    private long length = UNKNOWN;
    private @Nullable String wrong;

    void clear() {
        vectors = 0;
        length = UNKNOWN;
    }

    /**
     * Takes the next vector.
     *
     * @param asked how long it is to be, negative if that is not known
     */
    void add(Vector vector, long asked) {
        long numbers = vector.numbers();
        length = length == UNKNOWN ? numbers : length;
        if (vector.isDefective()) {
            wrong("is malformed");
        } else if (numbers == 0) {
            wrong("is empty");
        } else if (numbers != length) {
            wrong("has length " + numbers + ", the first one " + length);
        } else if (asked >= 0 && numbers != asked) {
            wrong("has length " + numbers + ", asked for " + asked);
        } else if (!vector.isNonzero()) {
            wrong("is zero");
        }
        vectors++;
    }

    /** Takes a vector of a kind that is not measured. */
    void addUnmeasured() {
        vectors++;
    }

    /** Takes down what is wrong with the next vector. */
    void wrong(String what) {
        wrong = wrong == null ? "vector " + vectors + " " + what : wrong;
    }

    /**
     * Holds the number of vectors against the one of inputs.
     *
     * @param inputs how many there are, negative if that is not known
     */
    void judgeCount(long inputs) {
        if (wrong == null && inputs >= 0 && vectors != inputs) {
            wrong = vectors + " vectors for " + inputs + (inputs == 1 ? " input" : " inputs");
        }
    }

    long size() {
        return vectors;
    }

    /** Returns the first thing that is wrong, of all vectors that were ever taken, or null. */
    @Nullable
    String wrong() {
        return wrong;
    }
}
