package dev.llmproxy.wire;

import java.util.Objects;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Checks one JSON text (RFC 8259, nothing laxer; a byte order mark before it is tolerated) while its bytes pass, and
 * shows the values at watched paths. The bytes may come cut anywhere: the outcome is the same. Nothing is built or recursed
 * into, of a string with escapes only the short pieces are copied, and nothing is thrown for what the bytes say. For one
 * thread at a time.
 */
public final class JsonScanner {
    /** How deep objects and arrays may be nested. */
    public static final int MAX_DEPTH = 200;
    /** How many characters a number may have. */
    public static final int MAX_NUMBER_LENGTH = 64;
    /** How many characters a number of an answer may have: as many as the strictest of the usual readers takes. */
    public static final int MAX_ANSWERED_NUMBER_LENGTH = 1_000;
    /** How many bytes the name of a member may have, as it is written. */
    public static final int MAX_NAME_LENGTH = 8 << 10;
    /** How many bytes a string may have, as it is written. */
    public static final int MAX_STRING_LENGTH = 16 << 20;

    static final JsonValues NOBODY = new JsonValues() {};

    private final Paths paths;
    private final JsonValues values;
    private final Machine machine;
    private @Nullable ShapeMemo memo;
    private long fed;
    // How many bytes of the document come before index 0 of the piece at hand.
    private long before;
    private long errorOffset = -1;
    private long loneSurrogateOffset = -1;

    /**
     * Creates a scanner at the beginning of a document.
     *
     * @param paths what to show
     * @param values whom to show it
     */
    public JsonScanner(Paths paths, JsonValues values) {
        this(paths, values, MAX_STRING_LENGTH);
    }

    /**
     * Creates a scanner at the beginning of a document that may have longer or shorter strings.
     *
     * @param paths what to show
     * @param values whom to show it
     * @param maxStringLength how many bytes a string may have, in place of {@value #MAX_STRING_LENGTH}
     */
    public JsonScanner(Paths paths, JsonValues values, int maxStringLength) {
        this(paths, values, maxStringLength, MAX_NUMBER_LENGTH);
    }

    private JsonScanner(Paths paths, JsonValues values, int maxStringLength, int maxNumberLength) {
        if (maxStringLength < 0) {
            throw new IllegalArgumentException("maxStringLength: " + maxStringLength + " (expected: >= 0)");
        }
        this.paths = Objects.requireNonNull(paths, "paths");
        this.values = Objects.requireNonNull(values, "values");
        this.machine = new Machine(paths, new Teller(values), maxStringLength, maxNumberLength);
    }

    /**
     * Creates a scanner at the beginning of a document that is going to be {@linkplain #feed(byte[], int, int) fed} in one
     * piece.
     *
     * @param tokens whom to show every token
     * @param maxStringLength how many bytes a string may have, in place of {@value #MAX_STRING_LENGTH}
     */
    public JsonScanner(JsonTokens tokens, int maxStringLength) {
        this.paths = Paths.NONE;
        this.values = NOBODY;
        this.machine = new Machine(paths, new TokenTeller(tokens), maxStringLength, MAX_NUMBER_LENGTH);
    }

    /**
     * Creates a scanner for documents of which the numbers are not kept as they are written. A model may call a tool with
     * one of many digits.
     *
     * @param paths what to show
     * @param values whom to show it
     * @return the scanner, at the beginning of a document
     */
    public static JsonScanner ofAnswers(Paths paths, JsonValues values) {
        return new JsonScanner(paths, values, MAX_STRING_LENGTH, MAX_ANSWERED_NUMBER_LENGTH);
    }

    /**
     * Checks a text that nobody wants to see the values of.
     *
     * @param document the text, whole
     * @return what is wrong with it, or null
     */
    public static @Nullable JsonError check(byte[] document) {
        JsonScanner scanner = new JsonScanner(Paths.NONE, NOBODY);
        scanner.feed(document, 0, document.length);
        scanner.end();
        return scanner.error();
    }

    /** Begins the next document. What was allocated is kept. */
    public void reset() {
        machine.reset();
        fed = 0;
        before = 0;
        errorOffset = -1;
        loneSurrogateOffset = -1;
    }

    /**
     * Scans a document that lies in one piece: {@link #reset}, {@link #feed} and {@link #end}, but faster where it
     * differs from an earlier one only in strings and numbers.
     *
     * @param data holds the document
     * @param from where it begins
     * @param to where it ends
     * @return whether it is {@link #complete}
     */
    public boolean scanDocument(byte[] data, int from, int to) {
        return scan(memo(), data, from, to);
    }

    /**
     * Scans one of the first documents of a stream, that lies in one piece: what {@link #scanDocument(byte[], int, int)}
     * does, but compares it with the one that stood there in another stream.
     *
     * @param data holds the document
     * @param from where it begins
     * @param to where it ends
     * @param known knows the other streams
     * @param place how many documents come before it, fewer than {@link KnownShapes#PLACES}
     * @return whether it is {@link #complete}
     */
    public boolean scanDocument(byte[] data, int from, int to, KnownShapes known, int place) {
        ShapeMemo lent = known.take(place);
        if (lent == null) {
            return scanUnknown(data, from, to);
        }
        try {
            lent.isFor(paths);
            return scan(lent, data, from, to);
        } finally {
            known.giveBack(place);
        }
    }

    /**
     * Scans a document that lies in one piece, and is like no other: {@link #reset}, {@link #feed} and {@link #end}.
     *
     * @param data holds the document
     * @param from where it begins
     * @param to where it ends
     * @return whether it is {@link #complete}
     */
    public boolean scanUnknown(byte[] data, int from, int to) {
        reset();
        feed(data, from, to);
        end(to);
        return complete();
    }

    private boolean scan(ShapeMemo last, byte[] data, int from, int to) {
        if (last.matches(data, from, to)) {
            last.show(values, data, from);
            passed(last, from, to);
            return true;
        }
        reset();
        boolean remember = to - from <= ShapeMemo.LONGEST;
        if (remember) {
            machine.write(last.rewrite(), from);
        }
        feed(data, from, to);
        end(to);
        if (remember && complete() && !machine.forgettable()) {
            last.keep(data, from, to, beganWithBom());
        }
        return complete();
    }

    // Made when it is needed: a document that comes in pieces is compared with none.
    private ShapeMemo memo() {
        if (memo == null) {
            memo = new ShapeMemo();
        }
        return memo;
    }

    private void passed(ShapeMemo last, int from, int to) {
        machine.pass(last.marked());
        fed = (long) to - from;
        errorOffset = -1;
        loneSurrogateOffset = -1;
    }

    /**
     * Looks for a repeat: a document that is, byte for byte, the last one that {@link #scanDocument} found complete, but
     * for the strings at fields that {@linkplain JsonValues#flows flow}. It may be the beginning of what lies there, and
     * has no line end in it. Nothing is shown yet, and nothing forgotten.
     *
     * @param data holds what comes
     * @param from where it begins
     * @param to where it ends
     * @return where the repeat ends, or -1 if there is none
     */
    public int endOfRepeat(byte[] data, int from, int to) {
        Objects.checkFromToIndex(from, to, data.length);
        return memo == null ? -1 : memo.endOfRepeat(values, data, from, to);
    }

    /**
     * Shows what flows in the repeat that was found last, and nothing of the rest.
     *
     * @param data what {@link #endOfRepeat} found it in
     * @param from where it begins
     * @param to where it ends
     */
    public void showRepeat(byte[] data, int from, int to) {
        memo().showRepeat(values, data);
        passed(memo(), from, to);
    }

    /**
     * Takes the next piece of the document. After an error nothing more is looked at.
     *
     * @param data holds the piece
     * @param from where it begins
     * @param to where it ends
     */
    public void feed(byte[] data, int from, int to) {
        Objects.checkFromToIndex(from, to, data.length);
        if (errorOffset >= 0) {
            return;
        }
        long now = fed - from;
        machine.move((int) (before - now));
        before = now;
        int stop = machine.run(data, from, to);
        if (machine.error() != null) {
            errorOffset = fed + (stop - from);
        }
        if (loneSurrogateOffset < 0 && machine.loneSurrogate() != StringScan.NOWHERE) {
            loneSurrogateOffset = fed + (machine.loneSurrogate() - from);
        }
        fed += to - from;
    }

    /**
     * Takes the next piece of the document. A large one is read where it lies.
     *
     * @param piece the piece
     */
    public void feed(ByteString piece) {
        // Of a large text a buffer shares the segments.
        Buffer buffer = new Buffer().write(piece);
        try (Buffer.UnsafeCursor at = buffer.readUnsafe()) {
            while (at.next() != -1) {
                feed(Objects.requireNonNull(at.data), at.start, at.end);
            }
        } finally {
            buffer.clear();
        }
    }

    /** Ends the document: no more bytes come. */
    public void end() {
        end(0);
    }

    private void end(int to) {
        if (errorOffset >= 0) {
            return;
        }
        machine.end(to);
        if (machine.error() != null) {
            errorOffset = fed;
        }
    }

    /**
     * Returns whether one whole value was seen, and nothing wrong so far. A number is whole only at the end.
     *
     * @return whether the document is complete
     */
    public boolean complete() {
        return machine.complete();
    }

    /**
     * Returns what is wrong with the document.
     *
     * @return the first error, or null
     */
    public @Nullable JsonError error() {
        return machine.error();
    }

    /**
     * Returns where the document goes wrong.
     *
     * @return how many bytes come before the error, a byte order mark included, or -1 without an error
     */
    public long errorOffset() {
        return errorOffset;
    }

    /**
     * Returns where a string or a name has half of a surrogate pair as an escape, which no UTF-8 can say. It is no error
     * of the grammar. Known of documents that were {@link #feed fed}, not of those that {@link #scanDocument} took.
     *
     * @return how many bytes come before the first such escape, or -1
     */
    public long loneSurrogateOffset() {
        return loneSurrogateOffset;
    }

    /**
     * Returns where the string begins that is being told, as it is written. To be asked while
     * {@link JsonValues#stringEnd} is called, of a document that is {@link #feed fed}.
     *
     * @return how many bytes come before it, its opening quote included
     */
    public long stringStart() {
        return before + machine.stringStart();
    }

    /**
     * Returns where the string ends that is being told, as it is written. To be asked while {@link JsonValues#stringEnd}
     * is called, of a document that is {@link #feed fed}.
     *
     * @return how many bytes come before its closing quote
     */
    public long stringEnd() {
        return before + machine.stringEnd();
    }

    /**
     * Returns whether a byte order mark came before the value.
     *
     * @return whether it began with one
     */
    public boolean beganWithBom() {
        return machine.marked();
    }
}
