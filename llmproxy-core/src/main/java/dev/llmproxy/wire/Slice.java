package dev.llmproxy.wire;

/**
 * A run of bytes that lies in somebody else's array for as long as that is there, and is copied to a buffer of its own
 * only when it has to outlast it or to grow.
 */
final class Slice {
    private static final byte[] NOTHING = {};

    private final Assembly own = new Assembly();
    private byte[] bytes = NOTHING;
    private int from;
    private int to;
    private boolean set;

    boolean isSet() {
        return set;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int size() {
        return to - from;
    }

    void set(byte[] newBytes, int newFrom, int newTo) {
        bytes = newBytes;
        from = newFrom;
        to = newTo;
        set = true;
    }

    /** Adds a byte and a run of bytes. */
    void join(byte separator, byte[] more, int moreFrom, int moreTo) {
        keep();
        own.append(separator);
        own.append(more, moreFrom, moreTo);
        set(own.bytes(), 0, own.size());
    }

    /** Copies the bytes, if there are any, from the array that goes away. */
    void keep() {
        if (set && (bytes != own.bytes() || own.isEmpty())) {
            own.clear();
            own.append(bytes, from, to);
            set(own.bytes(), 0, own.size());
        }
    }

    void clear() {
        if (set) {
            bytes = NOTHING;
            from = 0;
            to = 0;
            set = false;
            own.clear();
        }
    }
}
