package dev.llmproxy.fake;

import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Keeps all events, and fails when they do not fit together: see {@link #assertBalanced}. Thread-safe. */
public final class RecordingListener implements LlmListener {
    private final List<LlmEvent> events = new ArrayList<>();
    private volatile boolean sharing;

    @Override
    public synchronized void onEvent(LlmEvent event) {
        events.add(event);
    }

    /** From now on a call may end before an attempt that it has sent: other calls read its answer, too. */
    public RecordingListener sharing() {
        sharing = true;
        return this;
    }

    /** Returns all events so far. */
    public synchronized List<LlmEvent> events() {
        return List.copyOf(events);
    }

    /** Returns the events of one kind. */
    public <E extends LlmEvent> List<E> events(Class<E> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the only event of a kind. */
    public <E extends LlmEvent> E only(Class<E> type) {
        List<E> found = events(type);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " events of " + type.getSimpleName() + " in " + kinds());
        }
        return found.get(0);
    }

    /** Returns the faults that were told. */
    public List<Fault> faults() {
        return events(LlmEvent.FaultDetected.class).stream()
                .map(LlmEvent.FaultDetected::fault)
                .toList();
    }

    /** Returns the names of all events in their order. */
    public List<String> kinds() {
        return events().stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    /** Forgets everything. */
    public synchronized void clear() {
        events.clear();
    }

    /**
     * Makes sure that every call and every attempt has one start and one end, and attempts count from 1. Two of them run
     * at the same time only where a hedge is told.
     */
    public void assertBalanced() {
        Map<String, Account> accounts = new HashMap<>();
        for (LlmEvent event : events()) {
            if (event instanceof LlmEvent.OfCall ofCall) {
                accounts.computeIfAbsent(ofCall.call().id(), id -> new Account(id, sharing))
                        .take(event);
            }
        }
        accounts.values().forEach(Account::close);
    }

    private static final class Account {
        private final String id;
        private final boolean sharing;
        private boolean started;
        private boolean ended;
        private int attempts;
        private boolean overlapped;
        private boolean hedged;
        private final Set<Integer> open = new TreeSet<>();

        Account(String id, boolean sharing) {
            this.id = id;
            this.sharing = sharing;
        }

        void take(LlmEvent event) {
            if (event instanceof LlmEvent.CallStarted) {
                require(!started, () -> "started twice");
                started = true;
                return;
            }
            require(started, () -> event + " before the call started");
            require(!ended || isOfShared(event), () -> event + " after the call ended");
            if (event instanceof LlmEvent.AttemptStarted attempt) {
                overlapped |= !open.isEmpty();
                require(open.size() <= 1, () -> "attempt " + attempt.attempt() + " beside attempts " + open);
                require(attempt.attempt() == attempts + 1, () -> "attempt " + attempt.attempt() + " after " + attempts);
                attempts++;
                open.add(attempt.attempt());
            } else if (event instanceof LlmEvent.AttemptSucceeded attempt) {
                endAttempt(attempt.attempt());
            } else if (event instanceof LlmEvent.AttemptFailed attempt) {
                endAttempt(attempt.attempt());
            } else if (event instanceof LlmEvent.HedgeEnded) {
                hedged = true;
            } else if (event instanceof LlmEvent.CallSucceeded
                    || event instanceof LlmEvent.CallFailed
                    || event instanceof LlmEvent.CallCancelled) {
                ended = true;
            }
        }

        private boolean isOfShared(LlmEvent event) {
            return sharing
                    && !open.isEmpty()
                    && (event instanceof LlmEvent.AttemptSucceeded
                            || event instanceof LlmEvent.AttemptFailed
                            || event instanceof LlmEvent.FaultDetected
                            || event instanceof LlmEvent.FindingDetected);
        }

        private void endAttempt(int number) {
            require(open.remove(number), () -> "end of attempt " + number + " while " + open + " are open");
        }

        void close() {
            require(open.isEmpty(), () -> "attempts " + open + " never ended");
            require(ended, () -> "never ended");
            require(hedged || !overlapped, () -> "two attempts at the same time, and no hedge");
        }

        // Put into words only where it does not hold: there are many events, and some say a lot.
        private void require(boolean holds, Supplier<String> otherwise) {
            if (!holds) {
                throw new AssertionError("call " + id + ": " + otherwise.get());
            }
        }
    }
}
