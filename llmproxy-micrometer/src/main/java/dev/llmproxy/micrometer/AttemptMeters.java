package dev.llmproxy.micrometer;

import dev.llmproxy.call.Origin;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.fault.FaultCause;
import io.micrometer.core.instrument.Counter;
import org.jspecify.annotations.Nullable;

/** The meters of the attempts of one kind: at a deployment or host, for a model, answered by a model. */
final class AttemptMeters {
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final String[] KINDS = {"first", "repeat"};

    private final Counter[] first;
    private final Counter[] repeat;
    private final Counter cached;
    private final Counter reasoning;
    private final @Nullable OperationMeters operation;

    AttemptMeters(Meters meters, Rows.Key key, Origin origin) {
        String deployment =
                key.place() instanceof Origin ? origin.host() : key.place().toString();
        this.first = attempts(meters, deployment, key.model(), KINDS[0]);
        this.repeat = attempts(meters, deployment, key.model(), KINDS[1]);
        this.cached = meters.counter(LlmMeter.TOKENS_CACHED, deployment, key.model());
        this.reasoning = meters.counter(LlmMeter.TOKENS_REASONING, deployment, key.model());
        // What is no call of a model is no operation of OpenTelemetry's.
        this.operation = key.dialect().isEmpty() ? null : new OperationMeters(meters, key, origin);
    }

    private static Counter[] attempts(Meters meters, String deployment, String model, String kind) {
        Counter[] byOutcome = new Counter[OUTCOMES.length];
        for (Outcome outcome : OUTCOMES) {
            byOutcome[outcome.ordinal()] =
                    meters.counter(LlmMeter.ATTEMPTS, deployment, model, kind, Meters.word(outcome));
        }
        return byOutcome;
    }

    void answered(AttemptSucceeded attempt) {
        count(attempt.attempt(), Outcome.OK);
        AnswerInfo answer = attempt.answer();
        add(cached, answer.cachedTokens());
        add(reasoning, answer.reasoningTokens());
        if (operation != null) {
            operation.answered(attempt);
        }
    }

    void failed(AttemptFailed attempt) {
        FaultCause cause = attempt.fault().cause();
        count(attempt.attempt(), cause == FaultCause.CANCELLED ? Outcome.CANCELLED : Outcome.ERROR);
        if (operation != null) {
            operation.failed(attempt);
        }
    }

    private void count(int attempt, Outcome outcome) {
        (attempt <= 1 ? first : repeat)[outcome.ordinal()].increment();
    }

    private static void add(Counter counter, long tokens) {
        if (tokens > 0) {
            counter.increment((double) tokens);
        }
    }
}
