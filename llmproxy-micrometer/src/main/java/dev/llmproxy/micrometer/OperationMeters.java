package dev.llmproxy.micrometer;

import dev.llmproxy.call.Origin;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.Phase;
import dev.llmproxy.event.PhaseTimes;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** OpenTelemetry's metrics of the attempts of one kind. */
final class OperationMeters {
    private static final int SHARE_OF_CONSUMER = 4;

    private final Meters meters;
    private final String[] attributes;
    private final Timer duration;
    private final DistributionSummary input;
    private final DistributionSummary output;
    private volatile @Nullable Streaming streaming;

    private record Streaming(Timer first, Timer each) {}

    OperationMeters(Meters meters, Rows.Key key, Origin origin) {
        boolean folded = key.place().equals(LlmTag.OTHER);
        this.meters = meters;
        this.attributes = new String[] {
            Api.operation(key.dialect(), key.form()),
            Api.provider(folded ? "" : origin.host(), key.dialect()),
            key.model(),
            key.answered(),
            folded ? LlmTag.OTHER : origin.host(),
            folded ? LlmTag.OTHER : Integer.toString(origin.port())
        };
        this.duration = meters.timer(LlmMeter.OPERATION_DURATION, with(LlmTag.NONE));
        this.input = meters.tokens(LlmMeter.TOKEN_USAGE, with("input"));
        this.output = meters.tokens(LlmMeter.TOKEN_USAGE, with("output"));
    }

    private String[] with(String last) {
        String[] values = Arrays.copyOf(attributes, attributes.length + 1);
        values[attributes.length] = last;
        return values;
    }

    void answered(AttemptSucceeded attempt) {
        PhaseTimes times = attempt.times();
        record(duration, times.nanosBetween(Phase.QUEUE, Phase.END));
        record(input, attempt.answer().inputTokens());
        record(output, attempt.answer().outputTokens());
        if (times.reached(Phase.FIRST_TOKEN)) {
            Streaming stream = streaming();
            record(stream.first, times.nanosBetween(Phase.QUEUE, Phase.FIRST_TOKEN));
            record(stream.each, nanosPerEvent(attempt));
        }
    }

    // While the application pauses the answer goes on, and comes at once afterwards: that is no pace of anybody.
    private static long nanosPerEvent(AttemptSucceeded attempt) {
        long nanos = attempt.times().nanosBetween(Phase.FIRST_TOKEN, Phase.END);
        boolean isPaceOfNetwork = attempt.consumerNanos() * SHARE_OF_CONSUMER <= nanos;
        return attempt.events() > 1 && isPaceOfNetwork ? nanos / (attempt.events() - 1) : -1;
    }

    void failed(AttemptFailed attempt) {
        PhaseTimes times = attempt.times();
        Timer failures = meters.timer(
                LlmMeter.OPERATION_DURATION, with(attempt.fault().cause().code()));
        record(failures, times.nanosBetween(Phase.QUEUE, Phase.END));
        if (times.reached(Phase.FIRST_TOKEN)) {
            record(streaming().first, times.nanosBetween(Phase.QUEUE, Phase.FIRST_TOKEN));
        }
    }

    private Streaming streaming() {
        Streaming known = streaming;
        if (known == null) {
            known = new Streaming(
                    meters.timer(LlmMeter.TIME_TO_FIRST_CHUNK, attributes),
                    meters.timer(LlmMeter.TIME_PER_OUTPUT_CHUNK, attributes));
            streaming = known;
        }
        return known;
    }

    private static void record(Timer timer, long nanos) {
        if (nanos >= 0) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static void record(DistributionSummary summary, long tokens) {
        if (tokens >= 0) {
            summary.record((double) tokens);
        }
    }
}
