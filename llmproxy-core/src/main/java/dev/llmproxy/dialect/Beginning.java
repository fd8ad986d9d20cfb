package dev.llmproxy.dialect;

/** The first bytes of an object, kept until it is known what the object calls itself, or that it does not. */
final class Beginning {
    private final byte[] bytes = new byte[ObjectMark.LOOKED_AT];
    private final boolean line;
    private int size;

    /**
     * Constructs an empty one.
     *
     * @param line whether the object ends with its line
     */
    Beginning(boolean line) {
        this.line = line;
    }

    /** Takes as many bytes as there is room for, and returns where the rest begins. */
    int add(byte[] data, int from, int to) {
        int taken = Math.min(to - from, bytes.length - size);
        System.arraycopy(data, from, bytes, size, taken);
        size += taken;
        return from + taken;
    }

    boolean isSettled() {
        return ObjectMark.isSettled(bytes, 0, size, line);
    }

    boolean isLine() {
        return line;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }
}
