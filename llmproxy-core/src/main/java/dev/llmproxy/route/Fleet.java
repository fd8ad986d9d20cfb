package dev.llmproxy.route;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Choice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The deployments of one route, and which of them a call goes to next. Those of the lowest priority number serve as long
 * as half of them are healthy, by weight; then the next ones help. Thread-safe.
 */
final class Fleet {
    private static final int MOST_MODELS = 1_000;

    private final Route route;
    private final Member[] members;
    private final long[] tiers;
    private final long all;
    private final boolean isEachServing;
    private final Shares shares;
    private final Picker picker;
    private final Keys keys;
    private final Map<String, Lanes> lanes = new ConcurrentHashMap<>();
    // Most calls ask for the model that the one before asked for.
    private volatile Lanes last = new Lanes("", new Lane[0]);

    /** One model at all deployments. */
    private static final class Lanes {
        final String model;
        final Lane[] all;

        Lanes(String model, Lane[] all) {
            this.model = model;
            this.all = all;
        }
    }

    /**
     * Constructs the deployments of a route.
     *
     * @param ranked those that its calls are spread over, by priority
     * @param others those that serve as a fallback alone
     */
    Fleet(Route route, Member[] ranked, Member[] others, Shares shares, Picker picker, Keys keys) {
        this.route = route;
        this.members = Arrays.copyOf(ranked, ranked.length + others.length);
        System.arraycopy(others, 0, members, ranked.length, others.length);
        this.all = -1L >>> (Long.SIZE - ranked.length);
        this.isEachServing = route.deployments().stream().noneMatch(deployment -> deployment.azure() != null);
        this.tiers = tiersOf(ranked);
        this.shares = shares;
        this.picker = picker;
        this.keys = keys;
    }

    private static long[] tiersOf(Member[] members) {
        long[] tiers = new long[members.length];
        int count = 0;
        for (int i = 0; i < members.length; i++) {
            if (i > 0
                    && members[i].deployment().priority()
                            != members[i - 1].deployment().priority()) {
                count++;
            }
            tiers[count] |= 1L << i;
        }
        return Arrays.copyOf(tiers, count + 1);
    }

    Route route() {
        return route;
    }

    /**
     * Picks the deployment for the next attempt of a call.
     *
     * @return it, or null where the call is to go nowhere
     */
    @Nullable
    Lane pick(CallContext call, LlmRequest request, long now) {
        Lane[] known = lanes(call);
        long serving = serving(request);
        int picked = call.choice().hasTried() ? again(call, known, serving, now) : first(call, known, serving, now);
        return picked == Picker.NONE ? null : known[picked];
    }

    // Where none does, the one that is picked says why.
    private long serving(LlmRequest request) {
        long serving = serves(request);
        return serving == 0 ? all : serving;
    }

    /** Returns what is known of the model of a call at all deployments. */
    Lane[] lanes(CallContext call) {
        String model = call.info().model().orElse("");
        Lanes guess = last;
        return guess.all.length > 0 && guess.model.equals(model) ? guess.all : find(model);
    }

    private Lane[] find(String model) {
        Lanes known = lanes.get(model);
        Lanes found = known != null ? known : newLanes(model);
        last = found;
        return found.all;
    }

    private Lanes newLanes(String model) {
        Lane[] added = new Lane[members.length];
        for (int i = 0; i < members.length; i++) {
            added[i] = members[i].laneOf(model);
        }
        Lanes known = new Lanes(model, added);
        if (lanes.size() < MOST_MODELS) {
            lanes.put(model, known);
        }
        return known;
    }

    private int first(CallContext call, Lane[] known, long serving, long now) {
        long usable = keys.among(call, members, serving);
        if (usable == 0) {
            return picker.pick(call, known, serving, now);
        }
        long best = open(known, tiers[0] & usable);
        return best != 0 && best == (tiers[0] & serving)
                ? picker.pick(call, known, best, now)
                : firstOfFew(call, known, serving, usable, now);
    }

    private int firstOfFew(CallContext call, Lane[] known, long serving, long usable, long now) {
        double needed = shares.sum(tiers[0] & serving) / 2;
        long healthy = 0;
        for (int i = 0; i < tiers.length && (healthy == 0 || shares.sum(healthy) < needed); i++) {
            long here = usable & tiers[i];
            long open = open(known, here);
            healthy |= open;
            int rested = open == here ? Picker.NONE : rested(known, here & ~open, healthy, now);
            if (rested != Picker.NONE) {
                return rested;
            }
        }
        boolean isEnough = healthy != 0 && shares.sum(healthy) >= needed;
        return isEnough || (healthy != 0 && route.isFailingFast())
                ? picker.pick(call, known, healthy, now)
                : anyway(call, known, healthy, usable, now);
    }

    private int anyway(CallContext call, Lane[] known, long healthy, long usable, long now) {
        if (route.isFailingFast()) {
            return firstThatLetsIn(known, usable, now);
        }
        return picker.pickAnyway(call, known, healthy, usable, now);
    }

    // One that has rested long enough gets this call: it is the only way to learn how it is.
    private int rested(Lane[] known, long shut, long healthy, long now) {
        long asked = picker.isInOrder() && healthy != 0 ? shut & (Long.lowestOneBit(healthy) - 1) : shut;
        for (long left = asked; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            // Not one that its limits would keep from being sent there.
            if (known[index].hasRoom(now) && known[index].tryAgain(now, false)) {
                return index;
            }
        }
        return Picker.NONE;
    }

    private static int firstThatLetsIn(Lane[] known, long shut, long now) {
        for (long left = shut; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            if (known[index].tryAgain(now, true)) {
                return index;
            }
        }
        return Picker.NONE;
    }

    // A call that has failed somewhere tries nothing out for others, as long as there is a healthy one.
    private int again(CallContext call, Lane[] known, long serving, long now) {
        long fresh = serving & ~tried(call.choice());
        long usable = keys.among(call, members, fresh);
        int preferred = indexOf(call.choice().preferred());
        if (preferred >= 0 && preferred < Long.SIZE && (usable & (1L << preferred)) != 0) {
            return preferred;
        }
        for (long tier : tiers) {
            long open = open(known, usable & tier);
            if (open != 0) {
                return picker.pick(call, known, open, now);
            }
        }
        if (fresh == 0 && call.choice().deployment().isEmpty()) {
            // It is only being sent elsewhere, too.
            return first(call, known, serving, now);
        }
        if (route.isFailingFast() || fresh == 0) {
            return Picker.NONE;
        }
        return usable == 0 ? Long.numberOfTrailingZeros(fresh) : picker.pickAnyway(call, known, 0, usable, now);
    }

    /** Says whether there is one that a call has not tried, and that it may try. */
    boolean isOneLeft(CallContext call, LlmRequest request) {
        long fresh = serves(request) & ~tried(call.choice());
        return route.isFailingFast() ? open(lanes(call), keys.among(call, members, fresh)) != 0 : fresh != 0;
    }

    // Those that serve such calls, perhaps none.
    private long serves(LlmRequest request) {
        if (isEachServing) {
            return all;
        }
        long serving = 0;
        for (long left = all; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            serving |= Addressing.serves(request, members[index].deployment()) ? 1L << index : 0;
        }
        return serving;
    }

    private static long open(Lane[] known, long among) {
        long open = among;
        for (long left = among; left != 0; left &= left - 1) {
            if (!known[Long.numberOfTrailingZeros(left)].isOpen()) {
                open &= ~Long.lowestOneBit(left);
            }
        }
        return open;
    }

    private long tried(Choice choice) {
        long tried = 0;
        List<String> names = choice.deployments();
        for (int i = 0; i < names.size(); i++) {
            int index = indexOf(names.get(i));
            // One that serves as a fallback alone has no bit.
            tried |= index < 0 || index >= Long.SIZE ? 0 : 1L << index;
        }
        return tried;
    }

    /** Returns what is known of a deployment for a call. */
    @Nullable
    Lane named(CallContext call, String name) {
        int index = indexOf(name);
        return index < 0 ? null : lanes(call)[index];
    }

    private int indexOf(String name) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].deployment().name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    Member[] members() {
        return members;
    }

    @Override
    public String toString() {
        return route.toString();
    }
}
