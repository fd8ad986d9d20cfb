package dev.llmproxy.cache;

import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Ending;
import dev.llmproxy.chain.SharedRun;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Passes one answer on to several calls. Whoever needs bytes that are not there pulls the upstream forward, for all; who
 * needs bytes meanwhile waits for that pull. It has no thread of its own, and its lock is never held while anybody waits.
 *
 * <p>The bytes since the first one are kept as long as they fit the window, so that a call that comes later gets them all.
 * Of a longer answer only those are kept that somebody has still to read, and who falls behind by more than the window is
 * dropped.
 *
 * <p>The upstream source, the run and its recording belong to whoever pulls. There is one at a time, and the lock orders
 * them: what one has done before it gave the role back, under the lock, is seen by the next who takes it there.
 */
final class Relay {
    private final long window;
    private final Runnable whenOver;
    private final Object lock = new Object();
    // Guarded by lock.
    private final Set<Participant> participants = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Buffer kept = new Buffer();
    private long total;
    private @Nullable SharedRun run;
    private @Nullable BufferedSource upstream;
    private @Nullable Pull pull;
    private boolean whole;
    private boolean exhausted;
    private @Nullable LlmFaultException failure;
    private boolean over;
    private boolean closed;

    /**
     * Constructs a relay whose answer has not begun.
     *
     * @param window how many bytes are kept
     * @param whenOver run when nobody can join any more
     */
    Relay(long window, Runnable whenOver) {
        this.window = window;
        this.whenOver = whenOver;
    }

    /** Lets a call take part; null where it would not get the whole answer any more. */
    @Nullable
    Participant join(CallContext call) {
        Participant joining = new Participant(this, call, false);
        synchronized (lock) {
            // Of a flight that is over the whole answer may be kept still, for a call that waited for it in time.
            if (failure != null || total > window || (over && !exhausted)) {
                return null;
            }
            participants.add(joining);
        }
        joining.settle();
        return joining;
    }

    /** Begins the answer, for the call that leads it and whoever has joined. */
    Participant begin(SharedRun begun, BufferedSource answer, CallContext leader) {
        Participant leading = new Participant(this, leader, true);
        synchronized (lock) {
            run = begun;
            upstream = answer;
            whole = begun.isAnswerWhole();
            participants.add(leading);
        }
        leading.settle();
        return leading;
    }

    /** Says whether anybody but the leader waits for the answer to begin. */
    boolean isAwaited() {
        synchronized (lock) {
            return !participants.isEmpty();
        }
    }

    int size() {
        synchronized (lock) {
            return participants.size();
        }
    }

    boolean isDropped(Participant asked) {
        synchronized (lock) {
            return asked.wasDropped();
        }
    }

    long read(Participant by, Buffer sink, long most) throws IOException {
        while (true) {
            throwIfEnded(by);
            Pull running;
            Pull mine = null;
            synchronized (lock) {
                if (by.position() < total && !by.wasDropped()) {
                    return take(by, sink, most);
                }
                if (exhausted && !by.wasDropped()) {
                    return -1;
                }
                running = pull;
                if (running == null && !by.wasDropped() && failure == null) {
                    mine = new Pull();
                    pull = mine;
                }
            }
            throwIfBroken(by);
            if (mine != null) {
                pull(mine, Math.min(most, window));
            } else if (running != null) {
                await(by, running);
            }
        }
    }

    // Listeners are told outside the lock. What is looked at here does not change any more once it is set.
    private void throwIfBroken(Participant by) throws IOException {
        LlmFaultException broken;
        synchronized (lock) {
            broken = by.wasDropped() || by.position() < total ? null : failure;
            if (broken == null && !by.wasDropped()) {
                return;
            }
        }
        throw broken == null ? fellBehind(by) : failed(by, broken);
    }

    private long take(Participant by, Buffer sink, long most) {
        long count = Math.min(most, total - by.position());
        kept.copyTo(sink, by.position() - (total - kept.size()), count);
        by.advance(count);
        trim();
        return count;
    }

    // Within the window everything is kept, for those who come later.
    private void trim() {
        if (total <= window) {
            return;
        }
        long first = total;
        for (Iterator<Participant> all = participants.iterator(); all.hasNext(); ) {
            Participant reading = all.next();
            if (total - reading.position() > window) {
                reading.drop();
                all.remove();
            } else {
                first = Math.min(first, reading.position());
            }
        }
        skip(first - (total - kept.size()));
    }

    private void skip(long count) {
        try {
            kept.skip(count);
        } catch (IOException e) {
            throw new IllegalStateException("kept: " + kept.size() + " bytes (expected: at least " + count + ")", e);
        }
    }

    private static void await(Participant by, Pull running) throws IOException {
        try {
            by.call().awaitUntil(running, Long.MAX_VALUE);
        } catch (IOException e) {
            throw ended(by, e);
        }
    }

    // Before it pulls, too: a read with the flag of an interrupt set would break the answer for everybody.
    private static void throwIfEnded(Participant by) throws IOException {
        try {
            by.call().throwIfEnded();
        } catch (IOException e) {
            throw ended(by, e);
        }
    }

    private static LlmFaultException ended(Participant by, IOException thrown) {
        by.leave();
        return by.call().raiseEnded(thrown);
    }

    private void pull(Pull mine, long most) {
        BufferedSource from;
        SharedRun of;
        synchronized (lock) {
            from = upstream;
            of = run;
        }
        if (from == null || of == null) {
            throw new IllegalStateException("relay: read before it began (expected: afterwards)");
        }
        Buffer fresh = new Buffer();
        long count = 0;
        LlmFaultException broken = null;
        try {
            count = from.read(fresh, most);
        } catch (LlmFaultException e) {
            broken = Thread.currentThread().isInterrupted() ? closedUnderInterrupt(e) : e;
        } catch (InterruptedIOException e) {
            // Whoever was interrupted leaves; the next one reads on.
            broken = Thread.currentThread().isInterrupted() ? null : new LlmFaultException(unknown(e), e);
        } catch (IOException e) {
            broken = new LlmFaultException(unknown(e), e);
        } catch (RuntimeException | Error e) {
            broken = new LlmFaultException(unknown(e), e);
            throw e;
        } finally {
            pulled(mine, fresh, count < 0, broken, of.isAnswerWhole());
        }
    }

    // It was this thread's, and is lost for all: they are to know that nobody else was to blame.
    private static LlmFaultException closedUnderInterrupt(LlmFaultException e) {
        if (e.fault().cause() != FaultCause.CANCELLED) {
            return e;
        }
        Fault fault = e.fault().toBuilder()
                .summary("another call of the application read the shared answer for all and was interrupted, which"
                        + " closed its connection")
                .remedy("cancel calls instead of interrupting their threads, or use HTTP/2: the JDK closes the socket"
                        + " under a virtual thread that is interrupted while it reads")
                .build();
        return new LlmFaultException(fault, e.getCause());
    }

    private void pulled(Pull mine, Buffer fresh, boolean end, @Nullable LlmFaultException broken, boolean isWhole) {
        boolean close;
        boolean isOver;
        SharedRun deserted;
        synchronized (lock) {
            total += fresh.size();
            kept.write(fresh, fresh.size());
            whole = isWhole;
            exhausted = end;
            failure = broken;
            pull = null;
            trim();
            deserted = deserted();
            isOver = over || end || broken != null || total > window;
            close = mayClose();
        }
        mine.over();
        if (isOver) {
            whenOver.run();
        }
        if (deserted != null) {
            deserted.cancel();
        }
        if (close) {
            closeUpstream();
        }
    }

    // Once, by whoever finds nobody left and nobody reading. Called under the lock.
    private boolean mayClose() {
        boolean now = over && pull == null && !closed;
        closed |= now;
        return now;
    }

    /** The application has closed the body: before the answer is whole that ends its call. */
    void close(Participant by) {
        boolean givenUp;
        synchronized (lock) {
            givenUp = participants.contains(by) && !whole && !exhausted && failure == null;
        }
        if (givenUp) {
            by.call().cancelled(Ending.byCaller());
        }
        leave(by);
    }

    /** Called when a call has ended, from whatever thread, and possibly again. */
    void leave(Participant leaving) {
        SharedRun deserted;
        boolean close;
        synchronized (lock) {
            if (!participants.remove(leaving)) {
                return;
            }
            trim();
            deserted = deserted();
            if (!over) {
                return;
            }
            close = mayClose();
        }
        whenOver.run();
        if (deserted != null) {
            deserted.cancel();
        }
        if (close) {
            closeUpstream();
        }
    }

    // Ends the relay when nobody is left; returns the run where that is to be cut off. Called under the lock.
    private @Nullable SharedRun deserted() {
        if (over || run == null || !participants.isEmpty()) {
            return null;
        }
        over = true;
        boolean done = exhausted || failure != null || (whole && pull == null);
        return done ? null : run;
    }

    private void closeUpstream() {
        BufferedSource unused;
        synchronized (lock) {
            unused = upstream;
        }
        try {
            if (unused != null) {
                unused.close();
            }
        } catch (IOException e) {
            // Nobody reads it any more.
        }
    }

    // That of the leader was told when it was found.
    private LlmFaultException failed(Participant by, LlmFaultException known) {
        Throwable cause = known.getCause();
        if (by.leads()) {
            return new LlmFaultException(known.fault(), cause);
        }
        String origin = run == null ? "" : run.origin();
        Fault own = known.fault().toBuilder().evidence("shared", origin).build();
        return by.call().raise(own, new IOException("the shared attempt failed", cause));
    }

    private LlmFaultException fellBehind(Participant by) {
        return by.call()
                .raise(
                        Fault.builder(FaultCause.OWN_LIMITS)
                                .summary("the call read its answer, which it shares with others, more than " + window
                                        + " bytes behind the fastest of them")
                                .where(by.call().info().origin().host())
                                .evidence("call", by.call().id())
                                .evidence("behind", total - by.position() + " bytes")
                                .remedy("read the answer faster, or send the call with X-LlmProxy-Cache: bypass")
                                .build(),
                        null);
    }

    private static Fault unknown(Throwable thrown) {
        return Fault.builder(FaultCause.UNKNOWN)
                .confidence(0)
                .summary("the shared answer broke with " + thrown.getClass().getName())
                .evidence("exception", thrown.getClass().getName())
                .mayHaveBilled(true)
                .build();
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return participants.size() + " calls, " + total + " bytes";
        }
    }
}
