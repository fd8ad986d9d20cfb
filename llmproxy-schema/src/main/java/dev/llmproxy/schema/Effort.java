package dev.llmproxy.schema;

/**
 * How much a value may still be looked at: schemas can ask for more than the age of the universe, and for more notes than
 * there is memory. For one thread.
 */
final class Effort {
    private static final long ENOUGH = 2_000_000;

    // What the validator keeps of one keyword at one value, in looks, and for how many characters of its way one more.
    private static final int NOTE = 4;
    private static final int CHARACTERS = 16;

    // Some at each of the depths that a value can have.
    private static final int REFERENCES = 5 * JsonTree.MAX_DEPTH;

    private long left;
    private long way;
    private int references;

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
        spend(1);
    }

    /** Pays for a keyword at a place in the schema of that length; behind references the way there is noted as well. */
    void spendOn(int length) {
        spend(NOTE + (way == 0 ? 0 : (way + length) / CHARACTERS));
    }

    /** A reference from a place of that length is followed; {@link #leave} comes after it in any case. */
    void enter(int length) {
        way += length;
        if (++references > REFERENCES) {
            throw new UnusableException("it has no end");
        }
    }

    /** It was followed to its end. */
    void leave(int length) {
        way -= length;
        references--;
    }

    private void spend(long looks) {
        left -= looks;
        if (left < 0) {
            throw new UnusableException("too costly");
        }
    }
}
