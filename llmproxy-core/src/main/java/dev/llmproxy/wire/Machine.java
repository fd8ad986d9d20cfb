package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** The grammar of JSON as a machine that takes bytes: it knows what may come next, and shows what is watched. */
final class Machine {
    // What is expected between tokens; blanks may come first, but not before a byte order mark.
    private static final int START = 0;
    private static final int VALUE = 1;
    private static final int FIRST_ELEMENT = 2;
    private static final int FIRST_NAME = 3;
    private static final int NAME = 4;
    private static final int COLON = 5;
    private static final int COMMA = 6;
    private static final int NOTHING = 7;
    // What is open inside a token.
    private static final int IN_MARK = 8;
    private static final int IN_NAME = 9;
    private static final int IN_STRING = 10;
    private static final int IN_NUMBER = 11;
    private static final int IN_LITERAL = 12;

    private final JsonValues values;
    private final Nesting nesting;
    private final NameBuffer name;
    private final StringScan string = new StringScan();
    private final NumberScan number = new NumberScan();
    private final Literal literal = new Literal();
    private int state = START;
    private boolean marked;
    private @Nullable JsonError error;
    // While the document comes in one piece and is to be remembered: where that begins, and what to write it into.
    private @Nullable Script script;
    private int documentStart;
    private int tokenStart;

    Machine(Paths paths, JsonValues values) {
        this.values = values;
        this.nesting = new Nesting(paths);
        this.name = new NameBuffer(paths.longestName());
    }

    void reset() {
        nesting.clear();
        state = START;
        marked = false;
        error = null;
        script = null;
    }

    /** Writes down what the document says, which comes in one piece that begins here. */
    void write(Script empty, int from) {
        script = empty;
        documentStart = from;
    }

    /** The document is known to be complete. */
    void pass(boolean mark) {
        state = NOTHING;
        marked = mark;
        error = null;
    }

    /** Takes bytes up to the first error, and returns where it is, or the end. */
    int run(byte[] data, int from, int to) {
        int i = from;
        while (i < to && error == null) {
            i = step(data, i, to);
        }
        return i;
    }

    /**
     * No more bytes come.
     *
     * @param to where the last ones ended
     */
    void end(int to) {
        if (state == IN_NUMBER && nesting.depth() == 0 && number.isWhole()) {
            endOfNumber(to);
        }
        if (state != NOTHING && error == null) {
            error = JsonError.TRUNCATED;
        }
    }

    boolean complete() {
        return state == NOTHING && error == null;
    }

    boolean marked() {
        return marked;
    }

    @Nullable
    JsonError error() {
        return error;
    }

    private int step(byte[] data, int i, int to) {
        return switch (state) {
            case START -> start(data[i], i);
            case IN_MARK -> inLiteral(data, i, to);
            case IN_NAME -> inName(data, i, to);
            case IN_STRING -> inString(data, i, to);
            case IN_NUMBER -> inNumber(data, i, to);
            case IN_LITERAL -> inLiteral(data, i, to);
            default -> isBlank(data[i]) ? i + 1 : token(data, i, to);
        };
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private int token(byte[] data, int i, int to) {
        byte b = data[i];
        return switch (state) {
            case VALUE -> value(data, i, to);
            case FIRST_ELEMENT -> b == ']' ? leave(i) : element(data, i, to);
            case FIRST_NAME -> b == '}' ? leave(i) : name(data, i, to);
            case NAME -> name(data, i, to);
            case COLON -> b == ':' ? expect(VALUE, i) : wrong(JsonError.SYNTAX, i);
            case COMMA -> afterValue(data, i, to);
            default -> wrong(JsonError.TRAILING, i);
        };
    }

    private int wrong(JsonError what, int i) {
        error = what;
        return i;
    }

    /** Takes the byte at i; that comes next. */
    private int expect(int next, int i) {
        state = next;
        return i + 1;
    }

    private int start(byte first, int i) {
        if (Literal.beginsMark(first)) {
            literal.begin(first);
            state = IN_MARK;
        } else {
            state = VALUE;
        }
        return i;
    }

    private int value(byte[] data, int i, int to) {
        return switch (data[i]) {
            case '"' -> string(data, i + 1, to);
            case '{' -> enter(false, i);
            case '[' -> enter(true, i);
            case 't', 'f', 'n' -> literal(data, i, to);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(data, i, to);
            default -> wrong(JsonError.SYNTAX, i);
        };
    }

    private int element(byte[] data, int i, int to) {
        state = VALUE;
        return value(data, i, to);
    }

    private void endOfValue() {
        state = nesting.depth() == 0 ? NOTHING : COMMA;
    }

    private int afterValue(byte[] data, int i, int to) {
        byte b = data[i];
        boolean array = nesting.inArray();
        if (b == ',') {
            if (array) {
                nesting.element();
                return expect(VALUE, i);
            }
            state = NAME;
            return i + 1 < to && data[i + 1] > ' ' ? name(data, i + 1, to) : i + 1;
        }
        return b == (array ? ']' : '}') ? leave(i) : wrong(JsonError.SYNTAX, i);
    }

    private int enter(boolean array, int i) {
        if (nesting.depth() == JsonScanner.MAX_DEPTH) {
            return wrong(JsonError.DEPTH, i);
        }
        int field = nesting.field();
        nesting.enter(array);
        if (field >= 0) {
            values.begin(field, array);
            if (script != null) {
                script.begin(field, array);
            }
        }
        if (array) {
            nesting.element();
        }
        return expect(array ? FIRST_ELEMENT : FIRST_NAME, i);
    }

    private int leave(int i) {
        int field = nesting.leave();
        if (field >= 0) {
            values.end(field);
            if (script != null) {
                script.end(field);
            }
        }
        endOfValue();
        return i + 1;
    }

    private int name(byte[] data, int i, int to) {
        if (data[i] != '"') {
            return wrong(JsonError.SYNTAX, i);
        }
        PathNode object = nesting.innermost();
        int end = Swar.endOfPlain(data, i + 1, to);
        if (end < to && data[end] == '"' && end - i <= JsonScanner.MAX_NAME_LENGTH) {
            member(object == null ? null : object.member(data, i + 1, end));
            return colon(data, end + 1, to);
        }
        name.clear();
        string.begin(object == null ? null : name, 0, JsonScanner.MAX_NAME_LENGTH);
        return expect(IN_NAME, i);
    }

    /** Takes the colon and goes on at once if there is no blank: this way most members are taken in one step. */
    private int colon(byte[] data, int i, int to) {
        if (i >= to || data[i] != ':') {
            state = COLON;
            return i;
        }
        state = VALUE;
        return i + 1 < to && data[i + 1] > ' ' ? value(data, i + 1, to) : i + 1;
    }

    private int inName(byte[] data, int i, int to) {
        int end = string.scan(data, i, to, JsonError.NAME_TOO_LONG);
        error = string.error();
        if (string.ended()) {
            PathNode object = nesting.innermost();
            member(object == null ? null : name.memberOf(object));
            state = COLON;
        }
        return end;
    }

    private void member(@Nullable PathNode member) {
        if (!nesting.member(member) && nesting.field() >= 0) {
            values.duplicate(nesting.field());
            if (script != null) {
                script.duplicate(nesting.field());
            }
        }
    }

    private int string(byte[] data, int from, int to) {
        int field = nesting.field();
        int end = StringScan.endOfVerbatim(data, from, to);
        if (end < to && data[end] == '"' && end - from <= JsonScanner.MAX_STRING_LENGTH) {
            if (field >= 0 && end > from) {
                values.string(field, data, from, end);
            }
            endOfString(field, from, end, true);
            return end + 1;
        }
        string.begin(field >= 0 ? values : null, field, JsonScanner.MAX_STRING_LENGTH);
        tokenStart = from;
        state = IN_STRING;
        return from;
    }

    private int inString(byte[] data, int i, int to) {
        int end = string.scan(data, i, to, JsonError.STRING_TOO_LONG);
        error = string.error();
        if (string.ended()) {
            endOfString(nesting.field(), tokenStart, end - 1, false);
        }
        return end;
    }

    private void endOfString(int field, int from, int to, boolean verbatim) {
        if (field >= 0) {
            values.stringEnd(field);
        }
        if (script != null) {
            script.string(field, from - documentStart, to - documentStart, verbatim);
        }
        endOfValue();
    }

    private int number(byte[] data, int i, int to) {
        number.begin();
        tokenStart = i;
        state = IN_NUMBER;
        return inNumber(data, i, to);
    }

    private int inNumber(byte[] data, int i, int to) {
        int end = number.scan(data, i, to);
        if (end == to) {
            return end;
        }
        if (number.tooLong(data[end])) {
            return wrong(JsonError.NUMBER_TOO_LONG, end);
        }
        if (!number.isWhole() || NumberScan.isOfNumber(data[end])) {
            return wrong(JsonError.SYNTAX, end);
        }
        endOfNumber(end);
        return end;
    }

    private void endOfNumber(int end) {
        int field = nesting.field();
        if (field >= 0) {
            values.number(field, number.value(), number.integral());
        }
        if (script != null) {
            script.number(field, tokenStart - documentStart, end - documentStart, number);
        }
        endOfValue();
    }

    private int literal(byte[] data, int i, int to) {
        literal.begin(data[i]);
        state = IN_LITERAL;
        return inLiteral(data, i, to);
    }

    private int inLiteral(byte[] data, int i, int to) {
        int end = literal.scan(data, i, to);
        if (literal.ended()) {
            endOfLiteral();
        } else if (end < to) {
            error = JsonError.SYNTAX;
        }
        return end;
    }

    private void endOfLiteral() {
        if (state == IN_MARK) {
            marked = true;
            state = VALUE;
            return;
        }
        int field = nesting.field();
        if (field >= 0) {
            literal.showTo(values, field);
            if (script != null) {
                literal.writeTo(script, field);
            }
        }
        endOfValue();
    }
}
