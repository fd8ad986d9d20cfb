package dev.llmproxy.schema;

/** How often values may still be looked at: schemas can ask for more than the age of the universe. For one thread. */
final class Effort {
    private static final long ENOUGH = 2_000_000;

    private long left;

    private Effort(long left) {
        this.left = left;
    }

    /** Returns what is enough for any honest schema and value. */
    static Effort enough() {
        return new Effort(ENOUGH);
    }

    /** Returns no limit, for schemas of schemas, which are looked at in all validations. */
    static Effort unlimited() {
        return new Effort(Long.MAX_VALUE);
    }

    void spend() {
        left--;
        if (left < 0) {
            throw new UnusableException("too costly");
        }
    }
}
