package dev.llmproxy.wire;

/** Finds the end of one element of a JSON array, by strings and nesting alone. The element may be cut anywhere. */
final class ElementEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean scalar;

    /** Begins with the first byte of an element, which is still to be read. */
    void begin(byte first) {
        depth = 0;
        inString = false;
        escaped = false;
        scalar = first != '"' && first != '{' && first != '[';
    }

    /** Returns the index behind the element, or -1 where it goes on behind this piece. */
    int find(byte[] data, int from, int to) {
        if (scalar) {
            return endOfScalar(data, from, to);
        }
        int i = from;
        while (i < to) {
            i = inString ? behindString(data, i, to) : behindToken(data, i);
            if (depth == 0 && !inString) {
                return i;
            }
        }
        return -1;
    }

    private int endOfScalar(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == ',' || data[i] == ']' || JsonArrayFrames.isBlank(data[i])) {
                return i;
            }
        }
        return -1;
    }

    private int behindToken(byte[] data, int i) {
        switch (data[i]) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {} // Somebody else judges what is within.
        }
        return i + 1;
    }

    private int behindString(byte[] data, int from, int to) {
        if (escaped) {
            escaped = false;
            return from + 1;
        }
        int i = StringEnd.find(data, from, to);
        if (i == to) {
            return to;
        }
        escaped = data[i] == '\\';
        inString = escaped;
        return i + 1;
    }
}
