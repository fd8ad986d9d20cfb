package dev.llmproxy.timeout;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.FaultCause;
import org.jspecify.annotations.Nullable;

/** What attempts tell of the latency of their models. One for all calls of a proxy. Thread-safe. */
final class Learning {
    private static final int SHARE_OF_CONSUMER = 4;

    private final Adaptation adaptation;

    Learning(Adaptation adaptation) {
        this.adaptation = adaptation;
    }

    Adaptation adaptation() {
        return adaptation;
    }

    /** Returns what is known of answers like that of an attempt; nothing for a call of no known dialect. */
    @Nullable
    Latency of(CallInfo call, Attempt asked) {
        if (call.dialect().isEmpty()) {
            return null;
        }
        Object place = asked.deployment().isEmpty() ? call.origin() : asked.deployment();
        return adaptation.knowsModels()
                ? ofModel(place, asked.model(), call.facts())
                : adaptation.model().of(place, null, asked.isStream(), 0);
    }

    private Latency ofModel(Object place, String instead, RequestFacts facts) {
        String name = instead.isEmpty() ? facts.model().orElse(null) : instead;
        return adaptation
                .model()
                .of(place, name, facts.streaming(), facts.maxTokens().orElse(0));
    }

    void answered(CallContext call, Attempt from, AnswerInfo answer, long longestGap, boolean whole) {
        Latency of = of(call.info(), from);
        long first = firstNanos(from);
        if (of == null || first < 0) {
            return;
        }
        long now = from.markedAt(Phase.END);
        long sample = Measure.FIRST.in(0, first);
        if (longestGap > 0) {
            sample = Measure.GAP.in(sample, longestGap);
        }
        if (whole && from.isStream() && !answer.equals(AnswerInfo.unknown())) {
            sample = withTokens(sample, from, answer);
        }
        of.answered(sample, now);
        adaptation.advise(call, from, of, now);
    }

    private static long firstNanos(Attempt from) {
        Phase sent = from.reached(Phase.WAIT) ? Phase.WAIT : Phase.QUEUE;
        return from.nanosBetween(sent, from.isStream() ? Phase.FIRST_TOKEN : Phase.FIRST_BYTE);
    }

    // While the application pauses the answer goes on, and comes at once afterwards: then nothing can be told of its
    // pace.
    private static long withTokens(long sample, Attempt from, AnswerInfo answer) {
        long nanos = from.nanosBetween(Phase.FIRST_TOKEN, Phase.END);
        long tokens = answer.outputTokens() > 0 ? answer.outputTokens() : from.progress();
        if (tokens < 2 || nanos <= 0 || from.consumerNanos() * SHARE_OF_CONSUMER > nanos) {
            return sample;
        }
        return Measure.TOKENS.in(Measure.PER_TOKEN.in(sample, nanos / (tokens - 1)), tokens);
    }

    void failed(CallInfo call, Attempt from, FaultCause cause) {
        Latency of = isCutShort(cause) ? of(call, from) : null;
        if (of != null) {
            of.cutShort(cause, from.markedAt(Phase.END));
        }
    }

    void overtaken(CallInfo call, Attempt from) {
        Latency of = of(call, from);
        Phase sent = from.reached(Phase.WAIT) ? Phase.WAIT : Phase.QUEUE;
        long waited = from.nanosBetween(sent, Phase.END);
        if (of != null && waited >= 0) {
            of.overtaken(Measure.FIRST.in(0, waited), from.markedAt(Phase.END));
        }
    }

    private static boolean isCutShort(FaultCause cause) {
        return switch (cause) {
            case FIRST_BYTE_BUDGET_TOO_SHORT,
                    PROVIDER_SLOW,
                    PROVIDER_HUNG,
                    KEEPALIVE_ONLY,
                    STREAM_STALLED,
                    BODY_STALLED,
                    LONG_ANSWER -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return "learning of " + adaptation.model();
    }
}
