package dev.llmproxy.integrity;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.dialect.AnswerFacts;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import java.time.Duration;

/** Watches when the bytes of a stream come: all at once, or nothing but comments for long. */
final class Pace {
    private static final int MANY_COMMENTS = 10;
    private static final long LONG_NANOS = Duration.ofSeconds(60).toNanos();

    // No model writes so many events in so little time.
    private static final int MANY_EVENTS = 64;
    private static final long BURST_NANOS = Duration.ofMillis(10).toNanos();
    private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();

    private final Attempt attempt;
    private boolean begun;
    private long firstAt;
    private long lastAt;
    private long eventAt;
    private long events;
    private long commentsBefore;
    private boolean floodTold;
    private boolean ended;

    Pace(Attempt attempt) {
        this.attempt = attempt;
    }

    void arrived(AnswerFacts facts, long now, Findings findings) {
        if (!begun) {
            begun = true;
            firstAt = now;
            eventAt = now;
        }
        lastAt = now;
        if (facts.events() != events) {
            events = facts.events();
            eventAt = now;
            commentsBefore = facts.comments();
        } else if (!floodTold && facts.comments() - commentsBefore >= MANY_COMMENTS && now - eventAt >= LONG_NANOS) {
            floodTold = true;
            findings.found(
                    Rule.STREAM_COMMENT_FLOOD,
                    facts.comments() - commentsBefore + " comments and no event for " + seconds(now - eventAt));
        }
        if (facts.isTerminated()) {
            end(findings);
        }
    }

    /** Judges the whole: the stream has said that it is over, or was read to its end. */
    void end(Findings findings) {
        if (ended || !begun) {
            return;
        }
        ended = true;
        // An application that reads late finds everything there.
        long wait = firstAt - attempt.startedAt() - attempt.consumerNanos();
        if (events >= MANY_EVENTS && wait >= WAIT_NANOS && lastAt - firstAt <= BURST_NANOS) {
            findings.found(
                    Rule.TRANSPORT_BUFFERED,
                    events + " events in " + (lastAt - firstAt) / 1_000 + " us, after " + seconds(wait));
        }
    }

    private static String seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds() + " s";
    }

    @Override
    public String toString() {
        return "pace of " + attempt;
    }
}
