package dev.llmproxy.chain;

import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an {@link AnswerTap} throws away from the answer: it hears no more then. */
final class GuardedTap {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.chain");

    private @Nullable AnswerTap tap;

    GuardedTap(AnswerTap tap) {
        this.tap = tap;
    }

    /** Shows what was kept back, unless a stage in between has taken some of it: what is left is not the answer then. */
    void heldBack(Buffer held, long arrived) {
        if (held.size() == arrived) {
            arrived(held, arrived);
        } else {
            ended(false);
        }
    }

    void arrived(Buffer sink, long count) {
        AnswerTap hearing = tap;
        if (hearing == null || count == 0) {
            return;
        }
        try {
            hearing.arrived(sink, count);
        } catch (RuntimeException | Error e) {
            dropped(e);
        }
    }

    void ended(boolean storable) {
        AnswerTap hearing = tap;
        tap = null;
        if (hearing == null) {
            return;
        }
        try {
            hearing.ended(storable);
        } catch (RuntimeException | Error e) {
            dropped(e);
        }
    }

    private void dropped(Throwable thrown) {
        tap = null;
        // The class only: a message may quote what it must not.
        LOG.warn(
                "The tap of an answer threw {}; it hears no more of it.",
                thrown.getClass().getName());
    }

    @Override
    public String toString() {
        return tap == null ? "no tap" : "tap";
    }
}
