package dev.llmproxy.limit;

import dev.llmproxy.chain.Nanos;
import dev.llmproxy.chain.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process has drawn from a shared budget: calls take from it without asking anybody. Who often has to draw draws
 * ahead, up to its share of a second's budget. Thread-safe.
 */
final class Stock {
    static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final long AGAIN_NANOS = LOOK_AGAIN.toNanos();
    private static final long OFTEN = Duration.ofMillis(100).toNanos();
    private static final double SECONDS = 60;
    // What an answer says that it needed may be absurd: as with what one process counts, it stops nobody for longer.
    private static final long MOST_MINUTES_OWED = 60;

    private final SharedBudgets.Budget budget;
    private final Ticker ticker;
    private final Owner owner;
    private final long perMinute;
    private final long atOnce;
    private final long patience;
    private final AtomicLong have = new AtomicLong();
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicReference<@Nullable Draw> drawing = new AtomicReference<>();
    private final AtomicBoolean levels = new AtomicBoolean();
    private volatile long ahead;
    // Written before a draw ends, and read by those who would begin the next.
    private volatile long notBefore;
    private volatile long drawnAt;

    /** Hears whether the budget can be reached. Called by any thread, under no lock of the stock. */
    interface Owner {
        void reached();

        void failed(String why);

        /** More was drawn, or there is none any more to wait for. */
        void changed();
    }

    Stock(SharedBudgets.Budget budget, long perMinute, long atOnce, Duration patience, Ticker ticker, Owner owner) {
        this.budget = budget;
        this.perMinute = perMinute;
        this.atOnce = atOnce;
        this.patience = Nanos.of(patience);
        this.ticker = ticker;
        this.owner = owner;
        this.notBefore = ticker.nanos();
        this.drawnAt = notBefore - AGAIN_NANOS;
    }

    /** Takes so many if they are here, and sees to it that there are more. */
    boolean tryTake(long count, long now) {
        if (taken(count)) {
            if (have.get() < ahead / 2) {
                draw(0, now);
            }
            return true;
        }
        draw(count, now);
        // Some budgets answer at once.
        return taken(count);
    }

    // More than there ever is at once is lent.
    private boolean taken(long count) {
        long least = Math.min(count, atOnce);
        while (true) {
            long here = have.get();
            if (here < least) {
                return false;
            }
            if (have.compareAndSet(here, here - count)) {
                return true;
            }
        }
    }

    void settle(long count) {
        if (count != 0) {
            have.addAndGet(-count);
        }
    }

    /** Says how many more a call waits for (negative: no longer), so that one draw is for all that do. */
    void want(long count) {
        wanted.addAndGet(count);
    }

    /** Returns what is on its way; what is late is given up. */
    @Nullable
    Draw underWay(long now) {
        Draw draw = drawing.get();
        if (draw != null && draw.isLate(now) && draw.decide()) {
            notBefore = now + AGAIN_NANOS;
            draw.cancel();
            owner.failed("no answer within " + Nanos.text(patience));
            drawing.set(null);
            draw.over();
            owner.changed();
            return null;
        }
        return draw;
    }

    void drawWanted(long now) {
        if (wanted.get() > have.get()) {
            draw(0, now);
        }
    }

    /** Asks for what is missing, unless an answer is on its way, or there was none a moment ago. */
    void draw(long count, long now) {
        if (underWay(now) != null || notBefore - now > 0) {
            return;
        }
        Draw draw = new Draw(now + patience);
        if (drawing.compareAndSet(null, draw)) {
            long missing = Math.max(count, wanted.get()) - have.get();
            look(missing, now);
            ask(draw, missing, Math.max(1, missing + ahead));
        }
    }

    private void look(long missing, long now) {
        long most = (long) (perMinute / SECONDS * budget.share());
        long since = now - drawnAt;
        if (since < OFTEN) {
            ahead = Math.min(most, Math.max(missing, 2 * ahead));
        } else if (since > AGAIN_NANOS) {
            ahead /= 2;
        }
        drawnAt = now;
    }

    private void ask(Draw draw, long missing, long most) {
        CompletableFuture<Long> reply = asked(() -> budget.draw(most));
        draw.asked(reply);
        var unused = reply.whenComplete((count, failure) -> {
            if (draw.decide()) {
                answered(count, failure, missing, most);
                drawing.set(null);
                draw.over();
                owner.changed();
            }
        });
    }

    // A budget that throws is one that fails, and no call does.
    private static <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(@Nullable Long count, @Nullable Throwable failure, long missing, long most) {
        long now = ticker.nanos();
        if (count == null) {
            notBefore = now + AGAIN_NANOS;
            owner.failed(failure == null ? "no answer" : failure.getClass().getName());
            return;
        }
        have.addAndGet(count);
        // What there is less than was asked for has yet to come back.
        notBefore = count >= most ? now : now + Math.min(AGAIN_NANOS, nanosFor(Math.max(1, missing - count)));
        owner.reached();
    }

    private long nanosFor(long count) {
        return (long) (count * RateBucket.MINUTE / perMinute);
    }

    /** Returns in how many nanoseconds so many may be here, 0 for at once or where nobody has asked. */
    long nanosUntil(long others, long count, long now) {
        long missing = others + Math.min(count, atOnce) - have.get();
        if (missing <= 0) {
            return 0;
        }
        Draw draw = drawing.get();
        if (draw != null) {
            return Math.max(1, draw.lateAt() - now);
        }
        return notBefore - now <= 0 ? 0 : Math.max(notBefore - now, nanosFor(missing));
    }

    /** Says whether there is none here and, as far as is known, none to be drawn. */
    boolean isEmpty(long now) {
        return have.get() <= 0 && notBefore - now > 0;
    }

    /** Gives back what is more than is drawn ahead, or owes what is less than nothing; called when nobody waits here. */
    void level() {
        long keep = (long) (perMinute / SECONDS * budget.share());
        long here = have.get();
        if ((here >= 0 && here <= keep) || wanted.get() > 0 || !levels.compareAndSet(false, true)) {
            return;
        }
        long left = Math.max(0, Math.min(here, keep));
        if (!have.compareAndSet(here, left)) {
            levels.set(false);
            return;
        }
        long settled = Math.max(here - left, -MOST_MINUTES_OWED * perMinute);
        var unused = asked(() -> budget.settle(settled)).whenComplete((done, failure) -> {
            levels.set(false);
            if (failure == null) {
                level();
            }
        });
    }

    @Override
    public String toString() {
        return have + " here, " + ahead + " ahead";
    }
}
