package dev.llmproxy.wire;

import java.util.Arrays;

/** What was shown of a document, to be shown again with what stands in its holes then. */
final class Script {
    private static final int HOLE = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int NULL = 3;
    private static final int OBJECT = 4;
    private static final int ARRAY = 5;
    private static final int END = 6;
    private static final int DUPLICATE = 7;
    private static final int HOLE_SHIFT = 3;
    private static final int KIND = (1 << HOLE_SHIFT) - 1;

    private final Holes holes = new Holes();
    // Two numbers for each: what was shown, with the hole if it was one; and the field.
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
        add(HOLE | holes.size() << HOLE_SHIFT, field);
        holes.addString(from, to, verbatim);
    }

    void number(int field, int from, int to, NumberScan number) {
        add(HOLE | holes.size() << HOLE_SHIFT, field);
        holes.addNumber(from, to, number);
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

    /** Collects the strings that flow, or returns false: there are too many. */
    boolean addFlow(Flow flow, JsonValues values) {
        boolean fits = true;
        for (int i = 0; i < size && fits; i += 2) {
            int field = steps[i + 1];
            int hole = steps[i] >> HOLE_SHIFT;
            if ((steps[i] & KIND) == HOLE && holes.isString(hole) && values.flows(field)) {
                fits = flow.add(field, holes.from(hole), holes.to(hole));
            }
        }
        return fits;
    }

    /** Shows a document that begins at {@code start} and has the holes where they are now. */
    void play(JsonValues values, byte[] data, int start) {
        for (int i = 0; i < size; i += 2) {
            int field = steps[i + 1];
            switch (steps[i] & KIND) {
                case HOLE -> holes.show(steps[i] >> HOLE_SHIFT, values, field, data, start);
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
