package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import dev.llmproxy.wire.StringEnd;
import java.util.Locale;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Writes the canonical form of a request's body: members in the order of RFC 8785, no blanks, characters as it has them,
 * numbers by their exact value, without the members of the outermost object that change no answer. Two bodies have the
 * same form only if they say the same; what readers may understand in two ways is refused.
 *
 * <p>It works on the bytes: a reader of tokens copies every prompt into a string first and takes what is not UTF-8, and
 * half of a surrogate pair, for something else without a word. The scanner checks the text, then one pass over it writes
 * the form; time and memory are linear. For one document and one thread.
 */
final class CanonicalJson {
    /** How deep objects and arrays may be nested. */
    static final int MAX_DEPTH = 64;
    /** The longest value that is not folded. */
    static final int LONGEST = 1024;

    private static final JsonValues NOBODY = new JsonValues() {};

    private final byte[] json;
    private final RequestWords words;
    private final RequestValues values;
    private final CanonicalText text;
    private final Members members;

    // Of each object and array that is open, from 1.
    private final int[] start = new int[MAX_DEPTH + 1];
    private final int[] firstMember = new int[MAX_DEPTH + 1];
    private final boolean[] object = new boolean[MAX_DEPTH + 1];
    private final boolean[] sorted = new boolean[MAX_DEPTH + 1];
    private final @Nullable Place[] place = new @Nullable Place[MAX_DEPTH + 1];
    // Of the value that comes next in it.
    private final @Nullable Place[] next = new @Nullable Place[MAX_DEPTH + 1];

    private int depth;
    private int position;
    private boolean nameNext;
    private @Nullable String refusal;

    /**
     * Constructs the form of a document.
     *
     * @param json the document; must not change
     * @param words what matters in it
     * @param values who is told of the values at these places
     * @param longest the longest value that is not folded
     */
    CanonicalJson(byte[] json, RequestWords words, RequestValues values, int longest) {
        this.json = json;
        this.words = words;
        this.values = values;
        this.text = new CanonicalText(longest);
        this.members = new Members(text);
        next[0] = words.places();
    }

    /** Writes the form, and returns why there is none, or null. Nothing of the document is in the reason. */
    @Nullable
    String write() {
        refusal = problem();
        while (refusal == null && position < json.length) {
            step(json[position]);
        }
        return refusal;
    }

    private @Nullable String problem() {
        JsonScanner scanner = new JsonScanner(Paths.NONE, NOBODY, Integer.MAX_VALUE);
        scanner.feed(json, 0, json.length);
        scanner.end();
        JsonError error = scanner.error();
        if (error != null) {
            String name = error.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "the body is no JSON that is read in one way only: " + name + " at byte " + scanner.errorOffset();
        }
        if (scanner.loneSurrogateOffset() >= 0) {
            return "the body has half of a surrogate pair at byte " + scanner.loneSurrogateOffset();
        }
        return scanner.beganWithBom() ? "the body begins with a byte order mark" : null;
    }

    private void step(byte b) {
        switch (b) {
            case '{', '[' -> open(b);
            case '}', ']' -> close(b);
            case '"' -> readString();
            case ',' -> readComma();
            case ':', ' ', '\t', '\r', '\n' -> position++;
            default -> readBare(b);
        }
    }

    private void open(byte b) {
        if (depth == MAX_DEPTH) {
            refusal = "the body is nested deeper than " + MAX_DEPTH;
            return;
        }
        Place here = next[depth];
        depth++;
        start[depth] = text.size();
        firstMember[depth] = members.size();
        object[depth] = b == '{';
        sorted[depth] = true;
        place[depth] = here;
        next[depth] = here == null || object[depth] ? null : here.elements();
        nameNext = object[depth];
        refusal = depth == 1 && !object[1] ? "the body is no object" : null;
        text.add(b);
        position++;
    }

    private void close(byte b) {
        if (!sorted[depth]) {
            refusal = members.sortFrom(firstMember[depth]) ? null : "an object of the body has a member twice";
            members.rewriteFrom(firstMember[depth], start[depth] + 1);
        }
        members.removeFrom(firstMember[depth]);
        text.add(b);
        nameNext = false;
        position++;
        int from = start[depth];
        depth--;
        tell(text.bytes(), from, text.size());
        if (depth > 0) {
            text.foldFrom(from);
            valueEnded();
        }
    }

    private void tell(byte[] canonical, int from, int to) {
        Place here = next[depth];
        if (here != null) {
            here.tell(values, canonical, from, to);
        }
    }

    private void valueEnded() {
        if (object[depth]) {
            text.cutTo(members.last().end(text.size()));
        }
    }

    private void readComma() {
        position++;
        nameNext = object[depth];
        if (!nameNext) {
            text.add(',');
        }
    }

    private void readString() {
        int from = position;
        boolean plain = passString();
        if (nameNext) {
            addName(from, plain);
            return;
        }
        if (plain) {
            tell(json, from, position);
            text.addVerbatim(json, from, position);
        } else {
            int begin = text.size();
            text.addRewritten(json, from, position);
            tell(text.bytes(), begin, text.size());
            text.foldFrom(begin);
        }
        if (depth == 0) {
            refusal = "the body is no object";
            return;
        }
        valueEnded();
    }

    /** Goes behind the string, and returns whether it is canonical as it is written. */
    private boolean passString() {
        boolean canonical = true;
        int i = StringEnd.find(json, position + 1, json.length);
        while (json[i] != '"') {
            byte escape = json[i + 1];
            canonical &= escape != 'u' && escape != '/';
            i = StringEnd.find(json, i + 2, json.length);
        }
        position = i + 1;
        return canonical;
    }

    private void addName(int from, boolean canonical) {
        if (members.isFull()) {
            refusal = "the body has more than " + Members.MOST + " members";
            return;
        }
        nameNext = false;
        if (members.size() > firstMember[depth]) {
            text.add(',');
        }
        int begin = text.size();
        if (canonical) {
            text.add(json, from, position);
        } else {
            text.addRewritten(json, from, position);
        }
        int end = text.size();
        boolean leftOut = depth == 1 && words.leavesOut(text.bytes(), begin + 1, end - 1);
        members.add().begin(begin, end, isPlain(begin + 1, end - 1), leftOut);
        text.add(':');
        Place here = place[depth];
        next[depth] = here == null ? null : here.member(text.bytes(), begin + 1, end - 1);
        sorted[depth] &= !leftOut;
        compareName();
    }

    private boolean isPlain(int from, int to) {
        byte[] bytes = text.bytes();
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0 || bytes[i] == '\\') {
                return false;
            }
        }
        return true;
    }

    private void compareName() {
        if (members.size() - firstMember[depth] < 2) {
            return;
        }
        int order = members.compareLast();
        sorted[depth] &= order < 0;
        if (order == 0) {
            refusal = "an object of the body has a member twice";
        }
    }

    private void readBare(byte b) {
        int from = position;
        while (position < json.length && isBare(json[position])) {
            position++;
        }
        if (depth == 0) {
            refusal = "the body is no object";
            return;
        }
        int begin = text.size();
        if (b == 't' || b == 'f' || b == 'n') {
            text.add(json, from, position);
        } else if (!text.addNumber(json, from, position)) {
            refusal = "a number of the body is out of all bounds";
            return;
        }
        tell(text.bytes(), begin, text.size());
        valueEnded();
    }

    private static boolean isBare(byte b) {
        return (b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z') || b == '.' || b == '+' || b == '-';
    }

    /** Returns what stands for the form. */
    ByteString digest() {
        return text.digest();
    }

    /** Returns the form, with what is folded as it is. */
    @Override
    public String toString() {
        return text.toString();
    }
}
