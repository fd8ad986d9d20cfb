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
    private static final LlmHeaders EMPTY = new LlmHeaders(new String[0]);

    private final String[] namesAndValues;

    private LlmHeaders(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
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
        return namesAndValues.length / 2;
    }

    /**
     * Returns the name of a line.
     *
     * @param index the line, from 0
     * @return its name as it was given
     */
    public String name(int index) {
        return namesAndValues[2 * index];
    }

    /**
     * Returns the value of a line.
     *
     * @param index the line, from 0
     * @return its value
     */
    public String value(int index) {
        return namesAndValues[2 * index + 1];
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
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    private int lastIndexOf(String name) {
        for (int i = namesAndValues.length - 2; i >= 0; i -= 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return i / 2;
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
        return new LlmHeaders(without(name).append(name, value));
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
        return new LlmHeaders(append(name, value));
    }

    private String[] append(String name, String value) {
        String[] longer = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
        longer[namesAndValues.length] = name;
        longer[namesAndValues.length + 1] = value;
        return longer;
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
        List<String> kept = new ArrayList<>(namesAndValues.length);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String candidate = namesAndValues[i];
            boolean goes = prefix
                    ? candidate.regionMatches(true, 0, name, 0, name.length())
                    : candidate.equalsIgnoreCase(name);
            if (!goes) {
                kept.add(candidate);
                kept.add(namesAndValues[i + 1]);
            }
        }
        return new LlmHeaders(kept.toArray(new String[0]));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LlmHeaders that && Arrays.equals(namesAndValues, that.namesAndValues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(namesAndValues);
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
}
