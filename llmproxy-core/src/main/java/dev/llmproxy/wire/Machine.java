package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** The grammar of JSON as a machine that takes bytes: it knows what may come next, and shows what is watched. */
final class Machine {
    // What is expected between tokens. Blanks may come first, but not before a byte order mark.
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

    private static final int NO_RAW = -1;
    private static final byte[] NO_BYTES = {};

    private final int maxStringLength;
    private final Teller teller;
    private final Nesting nesting;
    private final NameBuffer name;
    private final StringScan string = new StringScan();
    private final NumberScan number;
    private final Literal literal = new Literal();
    private int state = START;
    private boolean marked;
    private @Nullable JsonError error;
    // Where the token begins that is open, and where the last string ended: in the bytes at hand.
    private int tokenStart;
    private int tokenEnd;
    // How deep the value lies that is shown as it is written, and where it begins in these bytes.
    private int rawDepth = NO_RAW;
    private int rawField;
    private int rawStart;
    private boolean forgettable;

    Machine(Paths paths, Teller teller, int maxStringLength, int maxNumberLength) {
        this.maxStringLength = maxStringLength;
        this.number = new NumberScan(maxNumberLength);
        this.teller = teller;
        this.nesting = new Nesting(paths);
        this.name = new NameBuffer(paths.longestName());
    }

    void reset() {
        nesting.clear();
        state = START;
        marked = false;
        error = null;
        string.forget();
        rawDepth = NO_RAW;
        forgettable = false;
        teller.reset();
    }

    /** Writes down what the document says, which comes in one piece that begins here. */
    void write(Script empty, int from) {
        teller.write(empty, from);
    }

    /** Returns where the first surrogate begins that was escaped alone, as {@link StringScan#loneSurrogate} does. */
    int loneSurrogate() {
        return string.loneSurrogate();
    }

    /** The bytes at hand are others from now on: what lay at 0 lies there now. */
    void move(int by) {
        tokenStart += by;
    }

    int stringStart() {
        return tokenStart;
    }

    int stringEnd() {
        return tokenEnd;
    }

    /** The document is known to be complete. */
    void pass(boolean mark) {
        state = NOTHING;
        marked = mark;
        error = null;
    }

    /** Takes bytes up to the first error, and returns where it is, or the end. */
    int run(byte[] data, int from, int to) {
        rawStart = from;
        int i = from;
        while (i < to && error == null) {
            // Most steps begin behind a value.
            i = state == COMMA ? afterValue(data, i, to) : step(data, i, to);
        }
        string.showTaken();
        if (rawDepth != NO_RAW) {
            teller.raw(rawField, data, rawStart, i);
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
            rawDepth = NO_RAW; // All of it has been shown.
            endOfNumber(NO_BYTES, to);
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

    /** Returns whether something was shown that nobody writes down: as it is written, or that it is ambiguous. */
    boolean forgettable() {
        return forgettable;
    }

    @Nullable
    JsonError error() {
        return error;
    }

    private int step(byte[] data, int i, int to) {
        return switch (state) {
            case START -> start(data[i], i);
            case VALUE -> value(data, i, to);
            case FIRST_ELEMENT -> firstElement(data, behindBlanks(data, i, to), to);
            case FIRST_NAME -> firstName(data, behindBlanks(data, i, to), to);
            case NAME -> name(data, i, to);
            case COLON -> colon(data, i, to);
            case NOTHING -> trailing(data, i, to);
            case IN_NAME -> inName(data, i, to);
            case IN_STRING -> inString(data, i, to);
            case IN_NUMBER -> inNumber(data, i, to);
            default -> inLiteral(data, i, to);
        };
    }

    private static int behindBlanks(byte[] data, int from, int to) {
        int i = from;
        while (i < to && isBlank(data[i])) {
            // Behind the end of a line most of what comes is indentation.
            i = Swar.endOfSpaces(data, i + 1, to);
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
    }

    private int trailing(byte[] data, int from, int to) {
        int i = behindBlanks(data, from, to);
        return i == to ? to : wrong(JsonError.TRAILING, i);
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
            literal.beginMark();
            state = IN_MARK;
        } else {
            state = VALUE;
        }
        return i;
    }

    private int value(byte[] data, int from, int to) {
        int i = behindBlanks(data, from, to);
        if (i == to) {
            return to;
        }
        return switch (data[i]) {
            case '"' -> string(data, i + 1, to);
            case '{' -> enter(false, i);
            case '[' -> enter(true, i);
            case 't', 'f', 'n' -> literal(data, i, to);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(data, i, to);
            default -> wrong(JsonError.SYNTAX, i);
        };
    }

    private void endOfValue() {
        state = nesting.depth() == 0 ? NOTHING : COMMA;
    }

    private int afterValue(byte[] data, int from, int to) {
        int i = behindBlanks(data, from, to);
        if (i == to) {
            return to;
        }
        byte b = data[i];
        boolean array = nesting.inArray();
        if (b == ',') {
            return array ? nextElement(data, i + 1, to) : nextName(data, i + 1, to);
        }
        return b == (array ? ']' : '}') ? leave(data, i) : wrong(JsonError.SYNTAX, i);
    }

    // Each goes on to the next token at once: this way most members are taken in one step.

    private int nextElement(byte[] data, int i, int to) {
        nesting.element();
        state = VALUE;
        return value(data, i, to);
    }

    private int nextName(byte[] data, int i, int to) {
        state = NAME;
        return name(data, i, to);
    }

    private int enter(boolean array, int i) {
        if (nesting.depth() == JsonScanner.MAX_DEPTH) {
            return wrong(JsonError.DEPTH, i);
        }
        int field = nesting.field();
        if (nesting.isRaw()) {
            beginRaw(i);
        }
        nesting.enter(array);
        teller.begin(field, array);
        if (array) {
            nesting.element();
        }
        return expect(array ? FIRST_ELEMENT : FIRST_NAME, i);
    }

    private void beginRaw(int i) {
        if (rawDepth == NO_RAW) {
            rawDepth = nesting.depth();
            rawField = nesting.field();
            rawStart = i;
            forgettable = true;
        }
    }

    private void endRaw(byte[] data, int end) {
        if (nesting.depth() == rawDepth) {
            rawDepth = NO_RAW;
            teller.raw(rawField, data, rawStart, end);
        }
    }

    private int leave(byte[] data, int i) {
        int field = nesting.leave();
        endRaw(data, i + 1);
        teller.end(field);
        endOfValue();
        return i + 1;
    }

    private int firstElement(byte[] data, int i, int to) {
        return i < to && data[i] == ']' ? leave(data, i) : value(data, i, to);
    }

    private int firstName(byte[] data, int i, int to) {
        return i < to && data[i] == '}' ? leave(data, i) : name(data, i, to);
    }

    private int name(byte[] data, int from, int to) {
        int i = behindBlanks(data, from, to);
        if (i == to) {
            return to;
        }
        if (data[i] != '"') {
            return wrong(JsonError.SYNTAX, i);
        }
        PathNode object = nesting.innermost();
        PathNode known = object == null ? null : object.memberAt(data, i + 1, to);
        int end = known == null ? Swar.endOfPlain(data, i + 1, to) : i + 1 + known.length();
        if (end < to && data[end] == '"' && end - i <= JsonScanner.MAX_NAME_LENGTH) {
            member(known != null || object == null ? known : object.member(data, i + 1, end));
            teller.name(i + 1, end, true);
            state = COLON;
            return colon(data, end + 1, to);
        }
        name.clear();
        tokenStart = i + 1;
        string.begin(object == null ? null : name, 0, JsonScanner.MAX_NAME_LENGTH);
        return expect(IN_NAME, i);
    }

    private int colon(byte[] data, int from, int to) {
        int i = behindBlanks(data, from, to);
        if (i == to) {
            return to;
        }
        if (data[i] != ':') {
            return wrong(JsonError.SYNTAX, i);
        }
        state = VALUE;
        return value(data, i + 1, to);
    }

    private int inName(byte[] data, int i, int to) {
        int end = string.scan(data, i, to, JsonError.NAME_TOO_LONG);
        error = string.error();
        if (string.ended()) {
            PathNode object = nesting.innermost();
            member(object == null ? null : name.memberOf(object));
            teller.name(tokenStart, end - 1, false);
            state = COLON;
        }
        return end;
    }

    private void member(@Nullable PathNode member) {
        if (!nesting.member(member)) {
            duplicate();
        }
    }

    private void duplicate() {
        teller.duplicate(nesting.field());
        if (nesting.isGuarded()) {
            teller.ambiguous();
            forgettable = true;
        }
    }

    private int string(byte[] data, int from, int to) {
        int field = nesting.field();
        int end = StringScan.endOfVerbatim(data, from, to);
        tokenStart = from;
        if (endsWhole(data, from, end, to)) {
            tokenEnd = end;
            teller.verbatim(field, data, from, end);
            endOfValue();
            return end + 1;
        }
        JsonValues listener = teller.listener(field);
        if (listener == null) {
            int last = string.endOfUnseen(data, end, to);
            if (endsWhole(data, from, last, to)) {
                tokenEnd = last;
                teller.escaped(field, from, last, string.isCanonical());
                endOfValue();
                return last + 1;
            }
        }
        int verbatim = Math.min(end - from, maxStringLength);
        string.begin(listener, field, maxStringLength - verbatim);
        string.takeVerbatim(data, from, from + verbatim);
        state = IN_STRING;
        return from + verbatim;
    }

    private boolean endsWhole(byte[] data, int from, int end, int to) {
        return end < to && data[end] == '"' && end - from <= maxStringLength;
    }

    private int inString(byte[] data, int i, int to) {
        int end = string.scan(data, i, to, JsonError.STRING_TOO_LONG);
        error = string.error();
        if (string.ended()) {
            tokenEnd = end - 1;
            teller.escaped(nesting.field(), tokenStart, end - 1, string.isCanonical());
            endOfValue();
        }
        return end;
    }

    private int number(byte[] data, int i, int to) {
        tokenStart = i;
        if (nesting.isRawNumber()) {
            beginRaw(i);
        }
        int end = number.scanShort(data, i, to);
        if (end > i) {
            endOfNumber(data, end);
            return end;
        }
        number.begin();
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
        endOfNumber(data, end);
        return end;
    }

    private void endOfNumber(byte[] data, int end) {
        endRaw(data, end);
        teller.number(nesting.field(), tokenStart, end, number);
        endOfValue();
    }

    private int literal(byte[] data, int i, int to) {
        tokenStart = i;
        int end = literal.begin(data, i, to);
        if (end == i) {
            state = IN_LITERAL;
            return inLiteral(data, i, to);
        }
        endOfLiteral(end);
        return end;
    }

    private int inLiteral(byte[] data, int i, int to) {
        int end = literal.scan(data, i, to);
        if (literal.ended()) {
            endOfLiteral(end);
        } else if (end < to) {
            error = JsonError.SYNTAX;
        }
        return end;
    }

    private void endOfLiteral(int end) {
        if (state == IN_MARK) {
            marked = true;
            state = VALUE;
            return;
        }
        teller.literal(nesting.field(), tokenStart, end, literal);
        endOfValue();
    }
}
