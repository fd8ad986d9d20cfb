package dev.llmproxy.limit;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.event.LlmEvent.LimitWaited.Limit;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * So many a minute for several processes together. What is taken comes from the stock that was drawn from the shared
 * budget, and is counted here, too: while the budget cannot be reached, this process keeps to its share of it by itself.
 */
final class SharedBucket extends RateBucket implements Stock.Owner {
    private final String place;
    private final Limit unit;
    private final SharedBudgets.Budget budget;
    private final Stock stock;
    private final LimitStage.Conditions conditions;
    private final Runnable changed;
    private final AtomicReference<@Nullable String> untold = new AtomicReference<>();
    private volatile boolean away;

    SharedBucket(
            SharedBudgets budgets,
            String place,
            Limit unit,
            long perMinute,
            Ticker ticker,
            LimitStage.Conditions conditions,
            Runnable changed) {
        super(perMinute, ticker.nanos());
        this.place = place;
        this.unit = unit;
        this.conditions = conditions;
        this.changed = changed;
        long atOnce = atOnce();
        this.budget = budgets.open(place, unit, perMinute, atOnce);
        this.stock = new Stock(budget, perMinute, atOnce, budgets.patience(), ticker, this);
    }

    @Override
    boolean tryTake(long count, long now) {
        if (away) {
            stock.draw(1, now);
            return super.tryTake(count, now);
        }
        if (!super.tryTake(count, now)) {
            return false;
        }
        if (stock.tryTake(count, now)) {
            return true;
        }
        super.settle(-count, now);
        // That it is away has just been found.
        return away && super.tryTake(count, now);
    }

    // What was taken from the share of this process is none of the others' business.
    @Override
    void settle(long count, long now) {
        super.settle(count, now);
        if (!away) {
            stock.settle(count);
        }
    }

    @Override
    long nanosUntil(long others, long count, long now) {
        long here = super.nanosUntil(others, count, now);
        return away ? here : Math.max(here, stock.nanosUntil(others, count, now));
    }

    @Override
    double left(long count, long now) {
        return !away && stock.isEmpty(now) ? 0 : super.left(count, now);
    }

    /** Says how many more a call waits for (negative: no longer). */
    void want(long count, long now) {
        stock.want(count);
        if (count > 0 && !away) {
            stock.drawWanted(now);
        }
    }

    /** Returns what is on its way to this process. */
    @Nullable
    Draw underWay(long now) {
        return away ? null : stock.underWay(now);
    }

    void level() {
        stock.level();
    }

    @Override
    public void reached() {
        if (away) {
            away = false;
            useShare(1);
        }
    }

    @Override
    public void failed(String why) {
        if (!away) {
            useShare(Math.min(1, budget.share()));
            away = true;
        }
        untold.set(why);
    }

    /** Tells of the last failure; listeners hear it under no lock. */
    void tell() {
        if (untold.getPlain() != null) {
            String why = untold.getAndSet(null);
            if (why != null) {
                conditions.notice(FaultCause.STORE_UNAVAILABLE, place, () -> explain(why, budget.share()));
            }
        }
    }

    private Fault explain(String why, double share) {
        return Fault.builder(FaultCause.STORE_UNAVAILABLE)
                .summary("the shared budget of " + place + " cannot be reached; this process keeps to "
                        + Math.round(100 * share) + " % of it by itself")
                .where(place)
                .evidence("unit", unit.name().toLowerCase(Locale.ROOT))
                .evidence("failure", why)
                .remedy("look whether the store is up, fast and not full")
                .build();
    }

    @Override
    public void changed() {
        changed.run();
    }

    @Override
    public String toString() {
        return super.toString() + (away ? ", alone" : ", shared: " + stock);
    }
}
