package dev.llmproxy.event;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener whose exceptions go nowhere but into the log: at most once a minute, with the number of times since it was told
 * last. One that fails at every event would fill the log otherwise. Thread-safe.
 */
final class GuardedListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.event");
    private static final long APART_NANOS = Duration.ofMinutes(1).toNanos();

    private final TimedListener listener;
    private boolean told;
    private long toldAt;
    private long untold;

    GuardedListener(TimedListener listener) {
        this.listener = listener;
    }

    boolean hearsBeginnings() {
        return listener.hearsBeginnings();
    }

    // Throwable: a stack overflow or a failed assertion in a listener is not the call's fault either.
    @SuppressWarnings("CatchThrowable")
    void tell(LlmEvent event, long now) {
        try {
            listener.onEvent(event, now);
        } catch (Throwable e) {
            failed(event, now, e);
        }
    }

    private void failed(LlmEvent event, long now, Throwable e) {
        long times = due(now);
        if (times == 1) {
            warn("A listener failed at {}; the call goes on.", event.getClass().getSimpleName(), e);
        } else if (times > 1) {
            warn(
                    "A listener failed at {}, the last of {} times; the calls go on.",
                    event.getClass().getSimpleName(),
                    times,
                    e);
        }
    }

    /** Returns how many failures are to be told of, 0 while it is too soon. */
    private synchronized long due(long now) {
        untold++;
        if (told && now - toldAt < APART_NANOS) {
            return 0;
        }
        told = true;
        toldAt = now;
        return take();
    }

    private synchronized long take() {
        long times = untold;
        untold = 0;
        return times;
    }

    /** Tells of the failures that nobody was told of. */
    void tellRest() {
        long times = take();
        if (times > 0) {
            warn("A listener failed {} times more.", times);
        }
    }

    // Nor is a log that cannot be written the call's fault, and there is no other place to tell of it.
    private static void warn(String sentence, Object... facts) {
        try {
            LOG.warn(sentence, facts);
        } catch (RuntimeException | LinkageError e) {
            // The call goes on.
        }
    }

    @Override
    public String toString() {
        return "guarded(" + listener + ")";
    }
}
