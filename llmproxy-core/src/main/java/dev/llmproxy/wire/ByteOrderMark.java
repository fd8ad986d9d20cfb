package dev.llmproxy.wire;

/** Skips a byte order mark at the beginning of a stream, which may be cut anywhere. */
final class ByteOrderMark {
    static final byte[] BYTES = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private boolean open;
    private boolean found;
    private int matched;

    private ByteOrderMark(boolean open) {
        this.open = open;
    }

    /** For text, which may begin with one. */
    static ByteOrderMark skipped() {
        return new ByteOrderMark(true);
    }

    /** For what is no text. */
    static ByteOrderMark none() {
        return new ByteOrderMark(false);
    }

    boolean isOpen() {
        return open;
    }

    boolean isFound() {
        return found;
    }

    /** Returns where to go on. What looked like a mark and was none is withheld until it is taken. */
    int skip(byte[] data, int from, int to) {
        int i = from;
        while (open && i < to) {
            if (data[i] == BYTES[matched]) {
                matched++;
                i++;
                found = matched == BYTES.length;
                open = !found;
            } else {
                open = false;
            }
        }
        return i;
    }

    void close() {
        open = false;
    }

    int withheld() {
        return found ? 0 : matched;
    }

    int takeWithheld() {
        if (open || found) {
            return 0;
        }
        int withheld = matched;
        matched = 0;
        return withheld;
    }
}
