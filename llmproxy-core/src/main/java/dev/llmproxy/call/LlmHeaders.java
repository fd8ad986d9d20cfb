package dev.llmproxy.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The headers of a request or an answer: immutable, in their order, found by name regardless of case.
 *
 * <p>Headers that are built here are checked before anything is sent: a name is a token of RFC 9110, a value has no
 * control character and nothing outside ASCII. Headers that came from a server are kept as they came.
 *
 * <p>{@link #toString()} prints names only: a value may be a key.
 */
public final class LlmHeaders {
    private static final HeaderLines NO_LINES = new NoLines();
    private static final LlmHeaders EMPTY = new LlmHeaders(new String[0]);

    // What came from an HTTP client stays where it is; only what is added to it is held here.
    private final HeaderLines lines;
    private final String[] added;

    private LlmHeaders(String[] namesAndValues) {
        this(NO_LINES, namesAndValues);
    }

    private LlmHeaders(HeaderLines lines, String[] added) {
        this.lines = lines;
        this.added = added;
    }

    /**
     * Returns headers with nothing in them.
     *
     * @return the empty headers
     */
    public static LlmHeaders empty() {
        return EMPTY;
    }

    /**
     * Returns headers of alternating names and values, checked.
     *
     * @param namesAndValues a name, its value, the next name, and so on
     * @return the headers
     * @throws IllegalArgumentException if one is missing or has a character that must not be sent
     */
    public static LlmHeaders of(String... namesAndValues) {
        requirePairs(namesAndValues);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            HeaderRules.check(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new LlmHeaders(namesAndValues.clone());
    }

    /**
     * Returns headers as they came over the wire, or from a client that has checked them itself.
     *
     * @param namesAndValues a name, its value, the next name, and so on; not copied, so not to be changed any more
     * @return the headers
     */
    public static LlmHeaders received(String[] namesAndValues) {
        requirePairs(namesAndValues);
        return new LlmHeaders(namesAndValues);
    }

    /**
     * Returns headers as an HTTP client holds them.
     *
     * @param lines the lines; they must not change any more
     * @return the headers
     */
    public static LlmHeaders received(HeaderLines lines) {
        return new LlmHeaders(lines, EMPTY.added);
    }

    private static void requirePairs(String[] namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "namesAndValues: " + namesAndValues.length + " strings (expected: a value for each name)");
        }
    }

    /**
     * Returns how many lines these headers have.
     *
     * @return the number of names with their values
     */
    public int size() {
        return lines.size() + added.length / 2;
    }

    /**
     * Returns the name of a line.
     *
     * @param index the line, from 0
     * @return its name as it was given
     */
    public String name(int index) {
        int own = index - lines.size();
        return own < 0 ? lines.name(index) : added[2 * own];
    }

    /**
     * Returns the value of a line.
     *
     * @param index the line, from 0
     * @return its value
     */
    public String value(int index) {
        int own = index - lines.size();
        return own < 0 ? lines.value(index) : added[2 * own + 1];
    }

    /**
     * Returns the lines that these headers begin with, as they were given; those that were added come behind them.
     *
     * @return the lines; none where they were changed
     */
    public HeaderLines lines() {
        return lines;
    }

    /**
     * Returns the last value of a name, as HTTP clients do.
     *
     * @param name the name, in any case
     * @return its last value, or nothing
     */
    public Optional<String> get(String name) {
        int i = lastIndexOf(name);
        return i < 0 ? Optional.empty() : Optional.of(value(i));
    }

    /**
     * Returns every value of a name.
     *
     * @param name the name, in any case
     * @return its values in their order
     */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                values.add(value(i));
            }
        }
        return Collections.unmodifiableList(values);
    }

    /**
     * Says whether a name is there.
     *
     * @param name the name, in any case
     * @return whether a line has it
     */
    public boolean contains(String name) {
        return lastIndexOf(name) >= 0;
    }

    /**
     * Says whether a name begins so.
     *
     * @param prefix the beginning, in any case
     * @return whether a line has such a name
     */
    public boolean containsPrefix(String prefix) {
        for (int i = 0, size = lines.size(); i < size; i++) {
            if (beginsWith(lines.name(i), prefix)) {
                return true;
            }
        }
        for (int i = 0; i < added.length; i += 2) {
            if (beginsWith(added[i], prefix)) {
                return true;
            }
        }
        return false;
    }

    // Most names differ in a letter already that is cheap to look at.
    private static boolean beginsWith(String name, String prefix) {
        int last = prefix.length() - 1;
        return name.length() > last
                && (name.charAt(last) | 0x20) == (prefix.charAt(last) | 0x20)
                && name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private int indexOf(String name) {
        for (int i = 0, size = size(); i < size; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private int lastIndexOf(String name) {
        for (int i = added.length - 2; i >= 0; i -= 2) {
            if (added[i].equalsIgnoreCase(name)) {
                return lines.size() + i / 2;
            }
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.name(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns these headers with one value for a name, in place of all that it had.
     *
     * @param name the name
     * @param value the value
     * @return the changed headers
     * @throws IllegalArgumentException if either must not be sent
     */
    public LlmHeaders with(String name, String value) {
        HeaderRules.check(name, value);
        return put(name, value);
    }

    /**
     * Returns these headers with those of another, each in place of all that its name had. They have been checked when
     * the other headers were built.
     *
     * @param others the headers; of several of one name the last counts
     * @return the changed headers
     */
    public LlmHeaders with(LlmHeaders others) {
        LlmHeaders changed = this;
        for (int i = 0, size = others.size(); i < size; i++) {
            changed = changed.put(others.name(i), others.value(i));
        }
        return changed;
    }

    private LlmHeaders put(String name, String value) {
        int first = indexOf(name);
        if (first < 0) {
            return appended(name, value);
        }
        boolean isThere = name(first).equals(name) && value(first).equals(value) && lastIndexOf(name) == first;
        return isThere ? this : replaced(first, name, value);
    }

    private LlmHeaders replaced(int first, String name, String value) {
        String[] kept = new String[2 * size()];
        int length = 0;
        for (int i = 0, size = size(); i < size; i++) {
            if (i == first || !name(i).equalsIgnoreCase(name)) {
                kept[length++] = i == first ? name : name(i);
                kept[length++] = i == first ? value : value(i);
            }
        }
        return new LlmHeaders(length == kept.length ? kept : Arrays.copyOf(kept, length));
    }

    /**
     * Returns these headers with one more line.
     *
     * @param name the name
     * @param value the value
     * @return the changed headers
     * @throws IllegalArgumentException if either must not be sent
     */
    public LlmHeaders plus(String name, String value) {
        HeaderRules.check(name, value);
        return appended(name, value);
    }

    /**
     * Returns these headers with the lines of another after them. They have been checked when the other headers were
     * built.
     *
     * @param others the lines
     * @return the changed headers
     */
    public LlmHeaders plus(LlmHeaders others) {
        if (added.length == 0 && others.lines == NO_LINES) {
            return new LlmHeaders(lines, others.added);
        }
        String[] longer = Arrays.copyOf(added, added.length + 2 * others.size());
        for (int i = 0, end = added.length; end < longer.length; i++) {
            longer[end++] = others.name(i);
            longer[end++] = others.value(i);
        }
        return new LlmHeaders(lines, longer);
    }

    private LlmHeaders appended(String name, String value) {
        String[] longer = Arrays.copyOf(added, added.length + 2);
        longer[added.length] = name;
        longer[added.length + 1] = value;
        return new LlmHeaders(lines, longer);
    }

    /**
     * Returns these headers without a name.
     *
     * @param name the name, in any case
     * @return the changed headers, or these when it was not there
     */
    public LlmHeaders without(String name) {
        return contains(name) ? filtered(name, false) : this;
    }

    /**
     * Returns these headers without the names that begin so.
     *
     * @param prefix the beginning, in any case
     * @return the changed headers, or these when there was none
     */
    public LlmHeaders withoutPrefix(String prefix) {
        return containsPrefix(prefix) ? filtered(prefix, true) : this;
    }

    private LlmHeaders filtered(String name, boolean prefix) {
        List<String> kept = new ArrayList<>(2 * size());
        for (int i = 0, size = size(); i < size; i++) {
            String candidate = name(i);
            boolean goes = prefix ? beginsWith(candidate, name) : candidate.equalsIgnoreCase(name);
            if (!goes) {
                kept.add(candidate);
                kept.add(value(i));
            }
        }
        return new LlmHeaders(kept.toArray(new String[0]));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LlmHeaders that && size() == that.size() && hasLinesOf(that);
    }

    private boolean hasLinesOf(LlmHeaders that) {
        for (int i = 0, size = size(); i < size; i++) {
            if (!name(i).equals(that.name(i)) || !value(i).equals(that.value(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0, size = size(); i < size; i++) {
            hash = 31 * hash + 31 * name(i).hashCode() + value(i).hashCode();
        }
        return hash;
    }

    /** Returns the names, sorted, and no value. */
    @Override
    public String toString() {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < size(); i++) {
            names.add(Objects.requireNonNull(name(i)).toLowerCase(Locale.ROOT));
        }
        return names.toString();
    }

    private static final class NoLines implements HeaderLines {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public String name(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String value(int index) {
            throw new IndexOutOfBoundsException(index);
        }
    }
}
