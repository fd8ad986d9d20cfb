package dev.llmproxy.dialect;

/** A vector of an answer, while it passes: how many numbers it has, and whether it has any value. */
final class Vector {
    private long numbers;
    private boolean nonzero;
    private boolean defective;
    private boolean exponent;

    void begin() {
        numbers = 0;
        nonzero = false;
        defective = false;
        exponent = false;
    }

    void number() {
        numbers++;
    }

    /** Takes an element that is no number. */
    void other() {
        defective = true;
    }

    /** Takes a vector that is written as base64. */
    void base64(Base64Vector vector) {
        numbers = vector.bytes();
        nonzero = vector.isNonzero();
        defective = vector.isDefective();
    }

    /** Says that zeros are as good as anything, as they are where each bit is a number. */
    void mayBeZero() {
        nonzero = true;
    }

    /** Looks for a digit that is not zero, outside of exponents: one of the first is, so this ends soon. */
    void written(byte[] json, int from, int to) {
        for (int i = from; i < to && !nonzero; i++) {
            byte b = json[i];
            nonzero = b >= '1' && b <= '9' && !exponent;
            exponent = b == 'e' || b == 'E' || (exponent && (b == '+' || b == '-' || (b >= '0' && b <= '9')));
        }
    }

    long numbers() {
        return numbers;
    }

    boolean isNonzero() {
        return nonzero;
    }

    boolean isDefective() {
        return defective;
    }
}
