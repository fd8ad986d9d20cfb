package dev.llmproxy.testing;

/** What happens when: {@code offset} counts bytes or events, where the moment has any. */
record Mark(Moment moment, long offset, String name, Effect effect) {
    /** Returns what a test says for it. */
    @Override
    public String toString() {
        return moment.at(offset) + "." + name + "()";
    }
}
