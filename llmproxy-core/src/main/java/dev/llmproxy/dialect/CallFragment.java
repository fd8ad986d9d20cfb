package dev.llmproxy.dialect;

import java.util.Arrays;

/** A piece of a tool call, as one chunk has it: kept until it is known which call it continues. */
final class CallFragment {
    static final long NO_INDEX = -1;

    private static final int SMALL = 64;
    private static final int LARGEST_KEPT = 4 << 10;

    private final WireText id = new WireText();
    private final WireText name = new WireText();
    private final Utf8Text input = new Utf8Text();
    private byte[] arguments = new byte[SMALL];
    private int size;
    private long index;
    private boolean named;
    private boolean identified;
    private boolean freeForm;

    void clear(boolean needsId) {
        id.clear();
        name.clear();
        input.clear();
        size = 0;
        if (arguments.length > LARGEST_KEPT) {
            arguments = new byte[SMALL]; // There may be a thousand fragments: each event could leave another one large.
        }
        index = NO_INDEX;
        named = false;
        identified = !needsId;
        freeForm = false;
    }

    void index(long value) {
        index = value;
    }

    long index() {
        return index;
    }

    void id(byte[] utf8, int from, int to) {
        id.add(utf8, from, to);
        identified = true;
    }

    WireText id() {
        return id;
    }

    void name(byte[] utf8, int from, int to) {
        name.add(utf8, from, to);
        named = true;
    }

    WireText name() {
        return name;
    }

    boolean isNamed() {
        return named;
    }

    /** Says whether the call has an id, or is of the kind that needs none. */
    boolean isIdentified() {
        return identified;
    }

    /** Says whether it stands for nothing at all: some servers send an empty object for no call. */
    boolean isBlank() {
        return isEmpty() && id.isEmpty() && index == NO_INDEX && input.size() == 0;
    }

    boolean hasArguments() {
        return size > 0;
    }

    /** Says whether it adds nothing. */
    boolean isEmpty() {
        return size == 0 && !named;
    }

    void piece(byte[] utf8, int from, int to) {
        int length = to - from;
        if (arguments.length - size < length) {
            arguments = Arrays.copyOf(arguments, Math.max(size + length, 2 * arguments.length));
        }
        System.arraycopy(utf8, from, arguments, size, length);
        size += length;
    }

    /** Takes note that it is of a tool that gets a text and no arguments. */
    void freeForm() {
        freeForm = true;
    }

    boolean isFreeForm() {
        return freeForm;
    }

    /** Takes a piece of the text that a free-form tool gets. */
    void input(byte[] utf8, int from, int to) {
        input.add(utf8, from, to);
    }

    /** Adds what is known of the call. */
    void addTo(CollectedCall call) {
        call.nameIfMissing(name);
        call.arguments(arguments, 0, size);
        call.arguments(input);
    }

    /** Hands the arguments on in pieces of which halves of surrogate pairs are some of their own. */
    void feed(ToolArguments call) {
        int start = 0;
        for (int i = 0; i < size - 2; i++) {
            if (arguments[i] == (byte) 0xED && (arguments[i + 1] & 0xE0) == 0xA0) {
                feed(call, start, i);
                feed(call, i, i + 3);
                start = i + 3;
            }
        }
        feed(call, start, size);
    }

    private void feed(ToolArguments call, int from, int to) {
        if (from < to) {
            call.piece(arguments, from, to);
        }
    }
}
