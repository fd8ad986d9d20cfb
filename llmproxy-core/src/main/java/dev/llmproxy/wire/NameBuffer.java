package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** Puts a name together that is escaped or cut, as far as a watched name can be long. */
final class NameBuffer implements JsonValues {
    private static final byte[] NOTHING = {};

    private final int longest;
    private byte[] name = NOTHING;
    private int length;

    NameBuffer(int longest) {
        this.longest = longest;
    }

    /** Begins a name. */
    void clear() {
        length = 0;
        if (name.length == 0) {
            // One more: so a longer name does not look like the one that it begins with.
            name = new byte[longest + 1];
        }
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        int fitting = Math.min(to - from, name.length - length);
        System.arraycopy(utf8, from, name, length, fitting);
        length += fitting;
    }

    /** Returns which member of the object has this name, or null. */
    @Nullable
    PathNode memberOf(PathNode object) {
        return object.member(name, 0, length);
    }
}
