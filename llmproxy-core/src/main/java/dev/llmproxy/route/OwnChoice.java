package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;
import dev.llmproxy.route.Strategy.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the application's own strategy chooses. */
final class OwnChoice implements Picker {
    private final Strategy strategy;

    OwnChoice(Strategy strategy) {
        this.strategy = strategy;
    }

    @Override
    public int pick(CallContext call, Lane[] lanes, long among, long now) {
        boolean streaming = call.info().facts().streaming();
        List<Candidate> candidates = new ArrayList<>(Long.bitCount(among));
        for (long left = among; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            candidates.add(new Candidate(index, lanes[index], streaming, now));
        }
        Optional<Candidate> chosen = strategy.choose(call, List.copyOf(candidates));
        if (chosen.isEmpty()) {
            return NONE;
        }
        if (!candidates.contains(chosen.get())) {
            throw new IllegalStateException(
                    "strategy: chose " + chosen.get() + " (expected: one of its candidates " + candidates + ")");
        }
        return chosen.get().index();
    }

    @Override
    public String toString() {
        return strategy.toString();
    }
}
