package dev.llmproxy.limit;

/** Something that says how many calls may run at once. */
interface Algorithm {
    int limit();

    /** A call was answered. */
    void answered(long nanos, int running, long now);

    /** An answer has been read. */
    default void ended(long nanos) {}

    /** A call was refused for want of capacity, or has timed out. */
    void dropped(int running, long now);

    /** The one of this library. */
    static Algorithm own(int most) {
        AdaptiveLimit limit = new AdaptiveLimit(most);
        Pace pace = new Pace();
        return new Algorithm() {
            @Override
            public int limit() {
                return limit.limit();
            }

            @Override
            public void answered(long nanos, int running, long now) {
                limit.answered(pace, nanos, running, now);
            }

            @Override
            public void ended(long nanos) {
                limit.ended(nanos);
            }

            @Override
            public void dropped(int running, long now) {
                limit.overloaded();
            }
        };
    }

    static Algorithm fixed(int calls) {
        return new Algorithm() {
            @Override
            public int limit() {
                return calls;
            }

            @Override
            public void answered(long nanos, int running, long now) {}

            @Override
            public void dropped(int running, long now) {}
        };
    }
}
