package dev.llmproxy.anomaly;

/** Watches one number that each call has, and says when it has changed. Not thread-safe. */
interface Chart {
    /**
     * Takes the number of one call.
     *
     * @param value the number
     * @param learning whether it may become part of what is usual, unless it looks like a change
     */
    void add(double value, boolean learning);

    /** Says whether the last numbers differ from what is usual by more than chance explains. */
    boolean isOver();

    /** Says whether they are well inside of what is usual. */
    boolean isCalm();

    /** Takes what has come since the change as usual from now on. */
    void rebase();

    /** Returns what is usual. */
    double usual();

    /** Returns what is typical since the change began. */
    double present();

    /** Returns how many numbers have come since the change began. */
    long sinceChange();
}
