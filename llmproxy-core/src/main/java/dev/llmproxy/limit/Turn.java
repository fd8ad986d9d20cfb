package dev.llmproxy.limit;

import dev.llmproxy.call.Priority;
import dev.llmproxy.chain.Awaited;
import java.util.function.LongSupplier;

/** The place of one call in a queue. Its state is guarded by the lock of its limiter. */
final class Turn extends Awaited implements LongSupplier {
    private final Priority priority;
    private final String tenant;
    private final long tokens;
    private final long giveUpAt;
    private volatile long lookAt = Long.MAX_VALUE;
    private volatile State state = State.WAITING;

    private enum State {
        WAITING,
        ADMITTED,
        SHED
    }

    Turn(Priority priority, String tenant, long tokens, long giveUpAt) {
        this.priority = priority;
        this.tenant = tenant;
        this.tokens = tokens;
        this.giveUpAt = giveUpAt;
    }

    Priority priority() {
        return priority;
    }

    String tenant() {
        return tenant;
    }

    long tokens() {
        return tokens;
    }

    void admit() {
        state = State.ADMITTED;
        end();
    }

    /** Lets the call go without having been served. */
    void shed() {
        state = State.SHED;
        end();
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    boolean isAdmitted() {
        return state == State.ADMITTED;
    }

    boolean isShed() {
        return state == State.SHED;
    }

    boolean isOver(long now) {
        return giveUpAt - now <= 0;
    }

    /** Asks the call that waits to look, at a time, whether somebody can be served. */
    void lookAt(long at) {
        if (lookAt != at) {
            lookAt = at;
            wake();
        }
    }

    @Override
    public long getAsLong() {
        long at = lookAt;
        return at != Long.MAX_VALUE && at - giveUpAt < 0 ? at : giveUpAt;
    }

    @Override
    public String toString() {
        return priority + " of " + tokens + " tokens";
    }
}
