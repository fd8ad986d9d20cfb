package dev.llmproxy.dialect;

import dev.llmproxy.wire.StringEnd;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import okio.ByteString;

/**
 * The canonical form of a document while it is written. A value that is longer than it may be is folded: a mark that no
 * JSON text has, and the SHA-256 of the value, stand for it. So prompts and attachments are digested where they lie and
 * not copied, a list of many is digested while it is written, and what is sorted stays short however deep it lies.
 */
final class CanonicalText {
    private static final byte FOLDED = 0;
    private static final int DIGEST_BYTES = 32;
    private static final int FIRST_SIZE = 2048;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final MessageDigest sha = sha256();
    private final Decimal decimal = new Decimal();
    private final int longest;
    // Of values that are digested while they are written, by how deep they lie; used again for the next ones.
    private final List<MessageDigest> pieces = new ArrayList<>(1);
    private int openPieces;
    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    /**
     * Constructs an empty text.
     *
     * @param longest the most bytes of a value that is not folded; not below those of a folded one
     */
    CanonicalText(int longest) {
        this.longest = longest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing: every Java platform has to have it", e);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void cutTo(int end) {
        size = end;
    }

    void add(int b) {
        reserve(1);
        bytes[size++] = (byte) b;
    }

    void add(byte[] from, int start, int end) {
        reserve(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        int twice = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
        bytes = Arrays.copyOf(bytes, Math.max(size + more, twice));
    }

    /** Adds a string that is canonical as it is written, quotes included. */
    void addVerbatim(byte[] json, int from, int to) {
        if (to - from > longest) {
            fold(json, from, to);
        } else {
            add(json, from, to);
        }
    }

    /** Folds what was added from there on, if it is too long. */
    void foldFrom(int start) {
        if (size - start > longest) {
            int end = size;
            size = start;
            fold(bytes, start, end);
        }
    }

    private void fold(byte[] value, int from, int to) {
        sha.update(value, from, to - from);
        addFolded(sha);
    }

    private void addFolded(MessageDigest digest) {
        add(FOLDED);
        reserve(DIGEST_BYTES);
        digestTo(size, digest);
        size += DIGEST_BYTES;
    }

    /** Says whether what was added from there on is too long, so that all of its value is going to be folded. */
    boolean isTooLongFrom(int start) {
        return size - start > longest;
    }

    /** Begins to digest a value piece by piece, the innermost of those that are open. */
    void beginPieces() {
        if (openPieces == pieces.size()) {
            pieces.add(sha256());
        }
        openPieces++;
    }

    /** Takes what was added from there on into the digest of the innermost value. */
    void digestFrom(int start) {
        pieces.get(openPieces - 1).update(bytes, start, size - start);
        size = start;
    }

    /** Folds the innermost value, of which the last piece was added from there on. */
    void foldPieces(int start) {
        digestFrom(start);
        openPieces--;
        addFolded(pieces.get(openPieces));
    }

    private void digestTo(int at, MessageDigest digest) {
        try {
            digest.digest(bytes, at, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has more than 32 bytes", e);
        }
    }

    /** Adds a number, or returns false: it is out of all bounds. */
    boolean addNumber(byte[] json, int from, int to) {
        reserve(Decimal.MAX_LENGTH);
        int end = decimal.write(json, from, to, bytes, size);
        size = Math.max(size, end);
        return end >= 0;
    }

    /** Adds a valid string, quotes included, with each character as RFC 8785 has it. */
    void addRewritten(byte[] json, int from, int to) {
        add('"');
        int last = to - 1;
        int i = from + 1;
        while (i < last) {
            int escape = Math.min(last, StringEnd.find(json, i, last));
            add(json, i, escape);
            i = escape < last ? addEscaped(json, escape + 1) : last;
        }
        add('"');
    }

    private int addEscaped(byte[] json, int i) {
        switch (json[i]) {
            case '/' -> add('/');
            case 'u' -> {
                int unit = unitAt(json, i + 1);
                if (Character.isHighSurrogate((char) unit) && isUnit(json, i + 5)) {
                    addCharacter(Character.toCodePoint((char) unit, (char) unitAt(json, i + 7)));
                    return i + 11;
                }
                addCharacter(unit);
                return i + 5;
            }
            default -> add(json, i - 1, i + 1);
        }
        return i + 1;
    }

    // Half of a pair is refused, but only when all was read.
    private static boolean isUnit(byte[] json, int i) {
        return json[i] == '\\' && json[i + 1] == 'u';
    }

    private static int unitAt(byte[] json, int i) {
        return HexFormat.fromHexDigit(json[i]) << 12
                | HexFormat.fromHexDigit(json[i + 1]) << 8
                | HexFormat.fromHexDigit(json[i + 2]) << 4
                | HexFormat.fromHexDigit(json[i + 3]);
    }

    private void addCharacter(int character) {
        if (character < 0x80) {
            addAscii(character);
        } else if (character < 0x800) {
            add(0xc0 | character >> 6);
            addRest(character);
        } else if (character < 0x10000) {
            add(0xe0 | character >> 12);
            addRest(character >> 6);
            addRest(character);
        } else {
            add(0xf0 | character >> 18);
            addRest(character >> 12);
            addRest(character >> 6);
            addRest(character);
        }
    }

    private void addRest(int character) {
        add(0x80 | (character & 0x3f));
    }

    private void addAscii(int character) {
        switch (character) {
            case '"', '\\' -> addEscape(character);
            case '\b' -> addEscape('b');
            case '\t' -> addEscape('t');
            case '\n' -> addEscape('n');
            case '\f' -> addEscape('f');
            case '\r' -> addEscape('r');
            default -> {
                if (character < ' ') {
                    addEscape('u');
                    add('0');
                    add('0');
                    add(HEX[character >> 4]);
                    add(HEX[character & 0xf]);
                } else {
                    add(character);
                }
            }
        }
    }

    private void addEscape(int character) {
        add('\\');
        add(character);
    }

    /** Returns what stands for all of it. */
    ByteString digest() {
        sha.update(bytes, 0, size);
        return ByteString.of(sha.digest());
    }

    /** Returns the text. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
