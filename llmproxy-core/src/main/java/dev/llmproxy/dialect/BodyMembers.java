package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/** Notes which of the well-known members a request has, and which of them twice. */
final class BodyMembers {
    private boolean object;
    private int seen;
    private int twice;

    void clear() {
        object = false;
        seen = 0;
        twice = 0;
    }

    void begin(int field, boolean array) {
        if (field == BodyPaths.ROOT) {
            object = !array;
        }
        met(field);
    }

    /** Takes a value that is more than null. */
    void met(int field) {
        seen |= 1 << field;
    }

    /** Takes a name that its object has had before. */
    void again(int field) {
        twice |= 1 << field;
    }

    /** Says whether the request is an object. */
    boolean areOfObject() {
        return object;
    }

    boolean has(int field) {
        return (seen & 1 << field) != 0;
    }

    /** Returns the name of a member that comes twice, or null. */
    @Nullable
    String doubled() {
        int first = Integer.numberOfTrailingZeros(twice);
        return first < BodyPaths.MEMBERS.size() ? BodyPaths.MEMBERS.get(first) : null;
    }
}
