package dev.llmproxy.route;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a route spreads its calls: the settings, of which each proxy makes its own picker. Immutable. */
final class Spread {
    private final Kind kind;
    private final @Nullable Strategy strategy;
    private final boolean byPrompt;
    private final boolean failingFast;

    private enum Kind {
        FAILOVER("in order"),
        BALANCE("balanced"),
        ROUND_ROBIN("in turn"),
        OWN("by a strategy of its own");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private Spread(Kind kind, @Nullable Strategy strategy, boolean byPrompt, boolean failingFast) {
        this.kind = kind;
        this.strategy = strategy;
        this.byPrompt = byPrompt;
        this.failingFast = failingFast;
    }

    static Spread failover() {
        return new Spread(Kind.FAILOVER, null, false, false);
    }

    static Spread balance() {
        return new Spread(Kind.BALANCE, null, false, false);
    }

    static Spread roundRobin() {
        return new Spread(Kind.ROUND_ROBIN, null, false, false);
    }

    static Spread by(Strategy strategy) {
        return new Spread(Kind.OWN, Objects.requireNonNull(strategy, "strategy"), false, false);
    }

    Spread promptAffinity() {
        if (kind != Kind.BALANCE) {
            throw new IllegalArgumentException("promptAffinity: on a route whose calls go " + kind.words
                    + " (expected: one of Route.From.balance)");
        }
        return new Spread(kind, strategy, true, failingFast);
    }

    Spread failFast() {
        return new Spread(kind, strategy, byPrompt, true);
    }

    boolean isFailingFast() {
        return failingFast;
    }

    Picker picker(Member[] members, Shares shares, RandomGenerator random) {
        return switch (kind) {
            case FAILOVER -> new InOrder();
            case ROUND_ROBIN -> new InTurn();
            case OWN -> new OwnChoice(Objects.requireNonNull(strategy, "strategy"));
            case BALANCE -> {
                LeastCost leastCost = new LeastCost(shares, random);
                yield byPrompt ? new Affinity(members, shares, leastCost) : leastCost;
            }
        };
    }

    /** Returns nothing for the usual way. */
    @Override
    public String toString() {
        String how = kind == Kind.FAILOVER ? "" : " " + kind.words;
        return how + (byPrompt ? " by prompt" : "") + (failingFast ? ", failing fast" : "");
    }
}
