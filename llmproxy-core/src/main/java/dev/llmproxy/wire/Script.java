package dev.llmproxy.wire;

import java.util.Arrays;

/** What was shown of a document, so that it can be shown again with other strings and numbers. */
final class Script {
    private static final int STRING = 0;
    private static final int NUMBER = 1;
    private static final int TRUE = 2;
    private static final int FALSE = 3;
    private static final int NULL = 4;
    private static final int OBJECT = 5;
    private static final int ARRAY = 6;
    private static final int END = 7;
    private static final int DUPLICATE = 8;
    private static final int HOLE_SHIFT = 4;
    private static final int KIND = (1 << HOLE_SHIFT) - 1;

    private final Holes holes = new Holes();
    // Two numbers for each: what was shown, with the hole of a string or number; and the field.
    private int[] steps = new int[64];
    private int size;

    void clear() {
        holes.clear();
        size = 0;
    }

    Holes holes() {
        return holes;
    }

    void string(int field, int from, int to, boolean verbatim) {
        add(STRING | holes.size() << HOLE_SHIFT, field);
        holes.add(from, to, verbatim ? Holes.VERBATIM : Holes.ESCAPED, 0);
    }

    void number(int field, int from, int to, NumberScan number) {
        add(NUMBER | holes.size() << HOLE_SHIFT, field);
        holes.add(from, to, number.integral() ? Holes.INTEGRAL : Holes.NUMBER, number.value());
    }

    void bool(int field, boolean value) {
        add(value ? TRUE : FALSE, field);
    }

    void nul(int field) {
        add(NULL, field);
    }

    void begin(int field, boolean array) {
        add(array ? ARRAY : OBJECT, field);
    }

    void end(int field) {
        add(END, field);
    }

    void duplicate(int field) {
        add(DUPLICATE, field);
    }

    private void add(int what, int field) {
        if (field < 0) {
            return;
        }
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, size * 2);
        }
        steps[size++] = what;
        steps[size++] = field;
    }

    /** Shows a document that differs from the one that was shown by these changes. */
    void play(JsonValues values, Changes changes, byte[] data, int from) {
        changes.rewind(from);
        for (int i = 0; i < size; i += 2) {
            int field = steps[i + 1];
            switch (steps[i] & KIND) {
                case STRING -> changes.showString(values, field, holes, steps[i] >> HOLE_SHIFT, data);
                case NUMBER -> changes.showNumber(values, field, holes, steps[i] >> HOLE_SHIFT);
                case TRUE -> values.bool(field, true);
                case FALSE -> values.bool(field, false);
                case NULL -> values.nul(field);
                case OBJECT -> values.begin(field, false);
                case ARRAY -> values.begin(field, true);
                case END -> values.end(field);
                default -> values.duplicate(field);
            }
        }
    }
}
