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
 * of which the form is written at once, but for members that are written in their order when their object ends; time and
 * memory are linear. For one document and one thread.
 */
final class CanonicalJson implements JsonTokens {
    /** How deep objects and arrays may be nested. */
    static final int MAX_DEPTH = 64;
    /** The longest value that is not folded. */
    static final int LONGEST = 1024;

    private static final String TWICE = "an object of the body has a member twice";

    private final byte[] json;
    private final RequestWords words;
    private final RequestValues values;
    private final int longest;
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
        this.longest = longest;
        this.text = new CanonicalText(longest);
        this.members = new Members(json, text);
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

    /** Begins a value that is written, not taken where it lies. */
    private void beginValue() {
        if (!level.object) {
            separate();
        } else if (!members.last().isWritten()) {
            separate();
            members.last().write(text, json);
        }
    }

    private void separate() {
        if (level.filled) {
            text.add(',');
        }
        level.filled = true;
    }

    @Override
    public void end() {
        if (refusal != null) {
            return;
        }
        Level ended = level;
        int from = ended.start;
        if (ended.unsorted && !members.sortFrom(ended.firstMember)) {
            refusal = TWICE;
            return;
        }
        if (!ended.inPlace) {
            members.writeFrom(ended.firstMember, from + 1);
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
        if (canonical) {
            verbatim(from - 1, to + 1);
            return;
        }
        beginValue();
        int begin = text.size();
        text.addRewritten(json, from - 1, to + 1);
        tell(text.bytes(), begin, text.size());
        text.foldFrom(begin);
        valueEnded();
    }

    /** Takes a value that is canonical as it is written. */
    private void verbatim(int from, int to) {
        tell(json, from, to);
        if (level.object && to - from <= longest && !members.last().isWritten()) {
            members.last().end(from, to);
            level.inPlace = false;
            return;
        }
        beginValue();
        text.addVerbatim(json, from, to);
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
        Member member = members.add();
        if (plain) {
            member.begin(from - 1, to + 1);
            named(json, from, to);
        } else {
            separate();
            int begin = text.size();
            text.addRewritten(json, from - 1, to + 1);
            member.beginWritten(begin, text.size());
            named(text.bytes(), begin + 1, text.size() - 1);
            text.add(':');
        }
        bringIntoOrder();
    }

    private void named(byte[] name, int from, int to) {
        if (depth == 1 && words.leavesOut(name, from, to)) {
            members.last().leaveOut();
            level.inPlace = false;
        }
        Place here = level.place;
        level.next = here == null ? null : here.member(name, from, to);
    }

    private void bringIntoOrder() {
        int first = level.firstMember;
        int compared = level.unsorted ? -1 : members.compareLast(first);
        if (compared < 0) {
            return;
        }
        level.inPlace = false;
        if (!members.areFew(first)) {
            level.unsorted = true;
        } else if (compared == 0 || !members.insertLast(first)) {
            refusal = TWICE;
        }
    }

    @Override
    public void number(int from, int to) {
        if (isRefused(false)) {
            return;
        }
        if (Decimal.isPlainInteger(json, from, to)) {
            verbatim(from, to);
            return;
        }
        beginValue();
        int begin = text.size();
        if (!text.addNumber(json, from, to)) {
            refusal = "a number of the body is out of all bounds";
            return;
        }
        tell(text.bytes(), begin, text.size());
        valueEnded();
    }

    @Override
    public void literal(int from, int to) {
        if (!isRefused(false)) {
            verbatim(from, to);
        }
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
        // Whether its members have to be sorted when it ends: they were too many to bring each into its order as it
        // came.
        private boolean unsorted;
        // Whether its members were all written, in their order.
        private boolean inPlace;
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
            unsorted = false;
            inPlace = true;
            filled = false;
            inPieces = false;
            place = here;
            next = here == null || !array ? null : here.elements();
        }
    }
}
