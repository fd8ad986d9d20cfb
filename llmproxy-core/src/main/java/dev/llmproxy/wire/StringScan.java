package dev.llmproxy.wire;

import org.jspecify.annotations.Nullable;

/** What stands between two quotes, in pieces: checked, unescaped, shown. */
final class StringScan {
    /** No surrogate was found alone. */
    static final int NOWHERE = Integer.MIN_VALUE;

    private final Utf8 utf8 = new Utf8();
    private final Pieces pieces = new Pieces();
    private final Escapes escapes = new Escapes(pieces);
    private int room;
    private boolean ended;
    private boolean canonical;
    private @Nullable JsonError error;
    private int loneSurrogate = NOWHERE;

    /**
     * Begins a string.
     *
     * @param values who sees what it says, or null
     * @param limit how many bytes it may have
     */
    void begin(@Nullable JsonValues values, int newField, int limit) {
        room = limit;
        ended = false;
        canonical = true;
        error = null;
        utf8.reset();
        pieces.begin(values, newField);
        escapes.begin();
    }

    /** Returns where well-formed text without escapes ends: at a quote, at a backslash, at what is wrong, or at the end. */
    static int endOfVerbatim(byte[] data, int from, int to) {
        int i = Swar.endOfPlain(data, from, to);
        while (i < to && data[i] < 0) {
            int end = Utf8.endOfWhole(data, i, to);
            if (end == i) {
                return i;
            }
            i = Swar.endOfPlain(data, end, to);
        }
        return i;
    }

    /** As {@link #endOfVerbatim}, but passes escapes of one letter: of a string that nobody sees. */
    int endOfUnseen(byte[] data, int from, int to) {
        boolean solidus = false;
        int i = from;
        while (Escapes.isLetter(data, i, to)) {
            solidus |= data[i + 1] == '/';
            i = endOfVerbatim(data, i + 2, to);
        }
        canonical = !solidus;
        return i;
    }

    /** Shows a string that is known to be well-formed and lies whole, its closing quote at {@code to}. */
    void show(JsonValues values, int shownAs, byte[] data, int from, int to) {
        begin(values, shownAs, JsonScanner.MAX_STRING_LENGTH);
        // With the closing quote: it ends what an escape may have left open.
        scan(data, from, to + 1, JsonError.STRING_TOO_LONG);
    }

    /** Returns whether the closing quote was met. */
    boolean ended() {
        return ended;
    }

    /** Returns whether RFC 8785 is known to have it as it is written: only of a string that nobody was shown. */
    boolean isCanonical() {
        return canonical;
    }

    @Nullable
    JsonError error() {
        return error;
    }

    /** Returns where the first surrogate begins that was escaped alone: in the data at hand, maybe before its beginning. */
    int loneSurrogate() {
        return loneSurrogate;
    }

    /** Forgets a lone surrogate of the last document. */
    void forget() {
        loneSurrogate = NOWHERE;
    }

    private void noteLoneSurrogate(int i) {
        int back = escapes.takeAlone();
        if (back > 0 && loneSurrogate == NOWHERE) {
            loneSurrogate = i - back;
        }
    }

    /** Takes the beginning of a string, which is known to be well-formed and to have no escapes. */
    void takeVerbatim(byte[] data, int from, int to) {
        show(data, from, to);
    }

    /** Shows what has been taken and not been shown: no more bytes come for now. */
    void showTaken() {
        pieces.show();
    }

    /** Takes the next piece, and returns where it stopped: behind the closing quote, at the wrong byte, or at the end. */
    int scan(byte[] data, int from, int to, JsonError tooLong) {
        int stop = to - from > room ? from + room : to;
        int i = from;
        while (i < stop && !ended && error == null) {
            i = escapes.isOpen() ? escape(data, i) : text(data, i, stop);
        }
        room -= i - from;
        int end = i < to && !ended && error == null ? over(data, i, tooLong) : i;
        pieces.show();
        return end;
    }

    /** As many bytes as allowed have gone by: only the closing quote may follow. */
    private int over(byte[] data, int i, JsonError tooLong) {
        if (data[i] != '"' || escapes.isOpen() || utf8.cut()) {
            error = tooLong;
            return i;
        }
        return close(i);
    }

    private int close(int quote) {
        escapes.endPair();
        noteLoneSurrogate(quote);
        ended = true;
        return quote + 1;
    }

    private int escape(byte[] data, int i) {
        if (escapes.take(data[i])) {
            noteLoneSurrogate(i);
            return i + 1;
        }
        error = JsonError.SYNTAX;
        return i;
    }

    /** Takes unescaped text up to whatever ends it; where nobody sees it, with escapes of one letter in it. */
    private int text(byte[] data, int from, int stop) {
        if (pieces.areSeen() && !utf8.cut() && !escapes.awaitsPair()) {
            return seen(data, from, stop);
        }
        boolean unseen = !pieces.areSeen() && !escapes.awaitsPair();
        int i = utf8.cut() ? character(data, from, stop) : from;
        while (i < stop && error == null) {
            int end = Swar.endOfPlain(data, i, stop);
            if (end < stop && data[end] < 0) {
                i = beyondAscii(data, end, stop);
            } else if (unseen && Escapes.isLetter(data, end, stop)) {
                canonical &= data[end + 1] != '/';
                i = end + 2;
            } else {
                i = end;
                break;
            }
        }
        show(data, from, i);
        return i == stop || error != null ? i : mark(data, i, stop);
    }

    /** Takes text that somebody sees, with escapes in it, as far as nothing is cut or odd. */
    private int seen(byte[] data, int from, int stop) {
        int i = from;
        while (true) {
            int end = endOfVerbatim(data, i, stop);
            pieces.add(data, i, end);
            int unit = Escapes.unitAt(data, end, stop);
            if (unit < 0) {
                return end == stop ? end : oddity(data, end, stop);
            }
            pieces.add(unit);
            i = end + (data[end + 1] == 'u' ? Escapes.ESCAPE_LENGTH : 2);
        }
    }

    private int oddity(byte[] data, int i, int stop) {
        if (data[i] >= 0) {
            return mark(data, i, stop);
        }
        int end = character(data, i, stop);
        show(data, i, end);
        return end;
    }

    private int beyondAscii(byte[] data, int from, int stop) {
        int end = Utf8.endOfWhole(data, from, stop);
        return end < stop && data[end] < 0 ? character(data, end, stop) : end;
    }

    /** Takes a character that is cut or malformed. */
    private int character(byte[] data, int from, int stop) {
        int i = from;
        do {
            if (!utf8.take(data[i])) {
                error = JsonError.MALFORMED_UTF8;
                return i;
            }
            i++;
        } while (utf8.cut() && i < stop);
        return i;
    }

    private void show(byte[] data, int from, int to) {
        if (to == from) {
            return;
        }
        escapes.endPair();
        noteLoneSurrogate(from);
        pieces.add(data, from, to);
    }

    private int mark(byte[] data, int i, int stop) {
        if (data[i] == '"') {
            return close(i);
        }
        if (data[i] == '\\') {
            canonical = false;
            int behind = escapes.open(data, i + 1, stop);
            noteLoneSurrogate(behind - 1);
            return behind;
        }
        error = JsonError.CONTROL_CHARACTER;
        return i;
    }
}
