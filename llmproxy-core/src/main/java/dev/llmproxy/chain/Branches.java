package dev.llmproxy.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/** The branches of one call, and the attempts of all of them in the order of their numbers. Thread-safe. */
final class Branches {
    private final List<Branch> all = new CopyOnWriteArrayList<>();
    private final List<Attempt> attempts;

    Branches(List<Attempt> before) {
        this.attempts = new ArrayList<>(before);
    }

    void add(Branch branch) {
        all.add(branch);
    }

    void cancelled(Ending by) {
        for (Branch branch : all) {
            branch.cancelled(by);
        }
    }

    /** Ends their timers; that of a branch that has ended by itself may be ended again. */
    void callEnded() {
        for (Branch branch : all) {
            branch.call().timers().callEnded();
        }
    }

    synchronized Attempt begin(IntFunction<Attempt> numbered) {
        Attempt attempt = numbered.apply(attempts.size() + 1);
        attempts.add(attempt);
        return attempt;
    }

    synchronized int count() {
        return attempts.size();
    }

    synchronized Attempt[] attempts() {
        return attempts.toArray(new Attempt[0]);
    }

    @Override
    public String toString() {
        return all.size() + " branches with " + count() + " attempts";
    }
}
