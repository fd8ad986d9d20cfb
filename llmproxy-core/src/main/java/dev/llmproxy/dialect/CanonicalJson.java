package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonTokens;
import java.util.Locale;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Writes the canonical form of a request's body: members in the order of RFC 8785, no blanks, characters as it has them,
 * numbers by their exact value, without the members of the outermost object that change no answer. Two bodies have the
 * same form only if they say the same; what readers may understand in two ways is refused.
 *
 * <p>It works on the bytes: a reader of tokens copies every prompt into a string first and takes what is not UTF-8, and
 * half of a surrogate pair, for something else without a word. The scanner checks the text and shows where its tokens lie,
 * of which the form is written at once; time and memory are linear. For one document and one thread.
 */
final class CanonicalJson implements JsonTokens {
    /** How deep objects and arrays may be nested. */
    static final int MAX_DEPTH = 64;
    /** The longest value that is not folded. */
    static final int LONGEST = 1024;

    private final byte[] json;
    private final RequestWords words;
    private final RequestValues values;
    private final CanonicalText text;
    private final Members members;

    // From 1; that at 0 is around the whole.
    private final @Nullable Level[] levels = new @Nullable Level[MAX_DEPTH + 1];
    private Level level = levelAt(0);
    private int depth;
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
        level.next = words.places();
    }

    /** Writes the form, and returns why there is none, or null. Nothing of the document is in the reason. */
    @Nullable
    String write() {
        JsonScanner scanner = new JsonScanner(this, Integer.MAX_VALUE);
        scanner.feed(json, 0, json.length);
        scanner.end();
        String problem = problem(scanner);
        return problem != null ? problem : refusal;
    }

    private static @Nullable String problem(JsonScanner scanner) {
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

    private Level levelAt(int deep) {
        Level at = levels[deep];
        if (at == null) {
            at = new Level();
            levels[deep] = at;
        }
        return at;
    }

    @Override
    public void begin(boolean array) {
        if (isRefused(!array)) {
            return;
        }
        if (depth == MAX_DEPTH) {
            refusal = "the body is nested deeper than " + MAX_DEPTH;
            return;
        }
        beginValue();
        Place here = level.next;
        depth++;
        level = levelAt(depth);
        level.begin(array, here, text.size(), members.size());
        text.add(array ? '[' : '{');
    }

    /** Says whether nothing more is written: for what was read before, or because the whole would be no object. */
    private boolean isRefused(boolean mayBeWhole) {
        if (depth == 0 && !mayBeWhole && refusal == null) {
            refusal = "the body is no object";
        }
        return refusal != null;
    }

    private void beginValue() {
        if (!level.object) {
            if (level.filled) {
                text.add(',');
            }
            level.filled = true;
        }
    }

    @Override
    public void end() {
        if (refusal != null) {
            return;
        }
        Level ended = level;
        int from = ended.start;
        if (!ended.sorted) {
            refusal = members.sortFrom(ended.firstMember) ? null : "an object of the body has a member twice";
            members.rewriteFrom(ended.firstMember, from + 1);
        }
        members.removeFrom(ended.firstMember);
        text.add(ended.object ? '}' : ']');
        depth--;
        level = levelAt(depth);
        if (ended.inPieces) {
            text.foldPieces(from);
        } else if (depth > 0) {
            text.foldFrom(from);
        }
        tell(text.bytes(), from, text.size());
        valueEnded();
    }

    private void tell(byte[] canonical, int from, int to) {
        Place here = level.next;
        if (here != null) {
            here.tell(values, canonical, from, to);
        }
    }

    private void valueEnded() {
        if (level.object) {
            text.cutTo(members.last().end(text.size()));
        } else if (depth > 0 && text.isTooLongFrom(level.start)) {
            if (!level.inPieces) {
                level.inPieces = true;
                text.beginPieces();
            }
            text.digestFrom(level.start);
        }
    }

    @Override
    public void string(int from, int to, boolean canonical) {
        if (isRefused(false)) {
            return;
        }
        beginValue();
        if (canonical) {
            tell(json, from - 1, to + 1);
            text.addVerbatim(json, from - 1, to + 1);
        } else {
            int begin = text.size();
            text.addRewritten(json, from - 1, to + 1);
            tell(text.bytes(), begin, text.size());
            text.foldFrom(begin);
        }
        valueEnded();
    }

    @Override
    public void name(int from, int to, boolean plain) {
        if (refusal != null) {
            return;
        }
        if (members.isFull()) {
            refusal = "the body has more than " + Members.MOST + " members";
            return;
        }
        boolean first = members.size() == level.firstMember;
        if (!first) {
            text.add(',');
        }
        int begin = text.size();
        if (plain) {
            text.add(json, from - 1, to + 1);
        } else {
            text.addRewritten(json, from - 1, to + 1);
        }
        int end = text.size();
        boolean leftOut = depth == 1 && words.leavesOut(text.bytes(), begin + 1, end - 1);
        members.add().begin(begin, end, plain, leftOut);
        text.add(':');
        Place here = level.place;
        level.next = here == null ? null : here.member(text.bytes(), begin + 1, end - 1);
        level.sorted &= !leftOut;
        if (!first) {
            compareName();
        }
    }

    private void compareName() {
        int order = members.compareLast();
        level.sorted &= order < 0;
        if (order == 0) {
            refusal = "an object of the body has a member twice";
        }
    }

    @Override
    public void number(int from, int to) {
        if (isRefused(false)) {
            return;
        }
        beginValue();
        int begin = text.size();
        if (!text.addNumber(json, from, to)) {
            refusal = "a number of the body is out of all bounds";
            return;
        }
        bareEnded(begin);
    }

    @Override
    public void literal(int from, int to) {
        if (isRefused(false)) {
            return;
        }
        beginValue();
        int begin = text.size();
        text.add(json, from, to);
        bareEnded(begin);
    }

    private void bareEnded(int begin) {
        tell(text.bytes(), begin, text.size());
        valueEnded();
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

    /** An object or an array that is open. */
    private static final class Level {
        private int start;
        private int firstMember;
        private boolean object;
        private boolean sorted;
        private boolean filled;
        // Whether its beginning was digested already.
        private boolean inPieces;
        private @Nullable Place place;
        // Of the value that comes next in it.
        private @Nullable Place next;

        void begin(boolean array, @Nullable Place here, int from, int members) {
            start = from;
            firstMember = members;
            object = !array;
            sorted = true;
            filled = false;
            inPieces = false;
            place = here;
            next = here == null || !array ? null : here.elements();
        }
    }
}
