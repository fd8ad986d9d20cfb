package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/** The first bytes of an answer, up to where it is known how to read it. Content types lie, so the bytes decide. */
final class AnswerStart {
    private static final byte GZIP = 0x1f;
    private static final byte GZIP_NEXT = (byte) 0x8b;

    private final AnswerForms forms;
    private final ContentEncoding encoding;
    private final Findings findings;
    private @Nullable AnswerReader reader;
    private @Nullable Beginning beginning;
    private boolean unreadable;
    private boolean blind;
    private boolean magicBegun;
    private int markBytes;
    private boolean isMarkOver;

    AnswerStart(AnswerForms forms, ContentEncoding encoding, Findings findings) {
        this.forms = forms;
        this.encoding = encoding;
        this.findings = findings;
    }

    /** Says that there is nothing to read: it is compressed or no answer at all. */
    boolean isUnreadable() {
        return unreadable;
    }

    /** Says that it may be a good answer which only the application can read. */
    boolean isBlind() {
        return blind;
    }

    /** Takes a piece, and returns the reader, which has read it, or null as long as there is none. */
    @Nullable
    AnswerReader feed(byte[] data, int from, int to) {
        if (!unreadable) {
            begin(data, from, to);
        }
        return reader;
    }

    private void begin(byte[] data, int from, int to) {
        int start = beginning == null && !magicBegun ? skipBlanks(data, from, to) : from;
        if (start == to) {
            return;
        }
        if (beginning != null) {
            keep(beginning, data, start, to);
        } else if (magicBegun) {
            endMagic(data, start, to);
        } else if (encoding.hides(data[start])) {
            unreadable = true;
            blind = true;
        } else if (data[start] == '{') {
            beginObject(data, start, to);
        } else if (data[start] == GZIP) {
            magicBegun = true;
            begin(data, start + 1, to);
        } else {
            read(forms.of(data[start]), data, start, to);
        }
    }

    // Two bytes say that what comes is compressed; the first one alone is a control character, and that is no JSON.
    private void endMagic(byte[] data, int from, int to) {
        magicBegun = false;
        if (from < to && data[from] == GZIP_NEXT) {
            unreadable = true;
            findings.found(Rule.TRANSPORT_GZIP, "compressed bytes without a Content-Encoding");
        } else {
            read(forms.document(), new byte[] {GZIP}, 0, 1);
            readOn(data, from, to);
        }
    }

    // What the object calls itself may come with the next bytes.
    private void beginObject(byte[] data, int from, int to) {
        boolean lines = forms.areLines();
        if (ObjectMark.isSettled(data, from, to, lines)) {
            read(forms.ofObject(data, from, to, lines), data, from, to);
        } else {
            beginning = new Beginning(lines);
            keep(beginning, data, from, to);
        }
    }

    private void keep(Beginning kept, byte[] data, int from, int to) {
        int rest = kept.add(data, from, to);
        if (kept.isSettled()) {
            readKept(kept);
            readOn(data, rest, to);
        }
    }

    private void readKept(Beginning kept) {
        read(forms.ofObject(kept.bytes(), 0, kept.size(), kept.isLine()), kept.bytes(), 0, kept.size());
        beginning = null;
    }

    private void read(@Nullable AnswerReader by, byte[] data, int from, int to) {
        reader = by;
        if (by == null) {
            unreadable = true;
            return;
        }
        // Whether it is one, and what it means, is a matter of the form.
        by.feed(Marks.UTF_8, 0, markBytes);
        markBytes = 0;
        if (from < to && data[from] < 0) {
            by.feed(Marks.BLANK, 0, 1); // Something stood before it, so it begins no mark and ends none.
        }
        by.feed(data, from, to);
    }

    private void readOn(byte[] data, int from, int to) {
        if (reader != null && from < to) {
            reader.feed(data, from, to);
        }
    }

    // Servers send blank lines to keep a connection alive, before the answer as well.
    private int skipBlanks(byte[] data, int from, int to) {
        int i = from;
        while (i < to && (isMark(data[i]) || Framing.isBlank(data[i]))) {
            i++;
        }
        return i;
    }

    // The bytes of a byte order mark, one after the other, and nothing before them.
    private boolean isMark(byte b) {
        boolean next = !isMarkOver && markBytes < Marks.UTF_8.length && b == Marks.UTF_8[markBytes];
        markBytes += next ? 1 : 0;
        isMarkOver = !next;
        return next;
    }

    /** Takes the end of an answer that had no reader yet, and returns the one that has read it, or null. */
    @Nullable
    AnswerReader end() {
        if (beginning != null) {
            readKept(beginning);
        } else if (magicBegun) {
            endMagic(new byte[0], 0, 0);
        }
        return reader;
    }

    @Override
    public String toString() {
        return reader == null ? "not known yet" : forms.toString();
    }

    private static final class Marks {
        static final byte[] UTF_8 = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        static final byte[] BLANK = {'\n'};
    }
}
