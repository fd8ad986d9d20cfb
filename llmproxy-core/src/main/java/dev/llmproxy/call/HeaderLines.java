package dev.llmproxy.call;

/** The lines of a head as an HTTP client holds them, so that they need not be copied. For bindings; immutable. */
public interface HeaderLines {
    /**
     * Returns how many lines there are.
     *
     * @return the number of names with their values
     */
    int size();

    /**
     * Returns the name of a line.
     *
     * @param index the line, from 0
     * @return its name
     */
    String name(int index);

    /**
     * Returns the value of a line.
     *
     * @param index the line, from 0
     * @return its value
     */
    String value(int index);
}
