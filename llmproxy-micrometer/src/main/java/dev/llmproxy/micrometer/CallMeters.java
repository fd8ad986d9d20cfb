package dev.llmproxy.micrometer;

import dev.llmproxy.call.Origin;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The meters of the calls of one kind: to a host, for a model, streamed or not. */
final class CallMeters {
    private final Timer ok;
    private final Timer error;
    private final Timer cancelled;

    CallMeters(Meters meters, Rows.Key key) {
        this.ok = timer(meters, key, Outcome.OK);
        this.error = timer(meters, key, Outcome.ERROR);
        this.cancelled = timer(meters, key, Outcome.CANCELLED);
    }

    private static Timer timer(Meters meters, Rows.Key key, Outcome outcome) {
        return meters.timer(
                LlmMeter.CALLS,
                key.place() instanceof Origin origin ? origin.host() : LlmTag.OTHER,
                Api.operation(key.dialect(), key.form()),
                key.model(),
                Boolean.toString((key.form() & Api.STREAM) != 0),
                Meters.word(outcome));
    }

    void ended(Outcome outcome, Duration lasted) {
        Timer timer = switch (outcome) {
            case OK -> ok;
            case ERROR -> error;
            case CANCELLED -> cancelled;
        };
        timer.record(lasted.toNanos(), TimeUnit.NANOSECONDS);
    }
}
