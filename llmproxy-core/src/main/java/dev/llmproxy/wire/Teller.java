package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** Shows the values that have a field, and writes down how, if the document is to be remembered. */
class Teller {
    private final JsonValues values;
    private @Nullable Script script;
    private int documentStart;

    Teller(JsonValues values) {
        this.values = values;
    }

    void reset() {
        script = null;
    }

    /** Writes down the document, which comes in one piece that begins here. */
    void write(Script empty, int from) {
        script = empty;
        documentStart = from;
    }

    void begin(int field, boolean array) {
        if (field >= 0) {
            values.begin(field, array);
            if (script != null) {
                script.begin(field, array);
            }
        }
    }

    void raw(int field, byte[] data, int from, int to) {
        if (to > from) {
            values.raw(field, data, from, to);
        }
    }

    void end(int field) {
        if (field >= 0) {
            values.end(field);
            if (script != null) {
                script.end(field);
            }
        }
    }

    /** The name of a member was met: who wants its value knows it by its field. */
    void name(int from, int to, boolean plain) {}

    void duplicate(int field) {
        if (field >= 0) {
            values.duplicate(field);
            if (script != null) {
                script.duplicate(field);
            }
        }
    }

    void ambiguous() {
        values.ambiguous();
    }

    /** Returns who sees the pieces of a string, or null. */
    @Nullable
    JsonValues listener(int field) {
        return field >= 0 && values.reads(field) ? values : null;
    }

    /** A string was met that lies whole and says what is written. */
    void verbatim(int field, byte[] data, int from, int to) {
        if (field >= 0 && to > from) {
            values.string(field, data, from, to);
        }
        stringEnd(field, from, to, true);
    }

    /** The pieces of a string with escapes were shown. */
    void escaped(int field, int from, int to, boolean canonical) {
        stringEnd(field, from, to, false);
    }

    private void stringEnd(int field, int from, int to, boolean verbatim) {
        if (field >= 0) {
            values.stringEnd(field);
        }
        if (script != null) {
            script.string(field, from - documentStart, to - documentStart, verbatim);
        }
    }

    void number(int field, int from, int to, NumberScan number) {
        if (field >= 0) {
            values.number(field, number.value(), number.integral());
        }
        if (script != null) {
            script.number(field, from - documentStart, to - documentStart, number);
        }
    }

    void literal(int field, int from, int to, Literal literal) {
        if (field >= 0) {
            literal.showTo(values, field);
            if (script != null) {
                literal.writeTo(script, field);
            }
        }
    }
}
