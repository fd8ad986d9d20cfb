package dev.llmproxy.logging;

import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.chain.Ticker;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallStarted;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import dev.llmproxy.event.LlmListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes one line for each call, and hands on what is not the end of one. A call that fails is no warning here: the
 * application has its fault already, and {@link FindingLog} warns of its cause. Thread-safe.
 */
final class CallLog implements LlmListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.call");

    private final FindingLog findings;

    CallLog(Ticker ticker) {
        this.findings = new FindingLog(new Folds(ticker));
    }

    @Override
    public void onEvent(LlmEvent event) {
        if (event instanceof CallStarted started) {
            started(started.call());
        } else if (event instanceof CallSucceeded ended) {
            succeeded(ended);
            findings.look();
        } else if (event instanceof CallFailed ended) {
            failed(ended);
            findings.look();
        } else if (event instanceof CallCancelled ended) {
            cancelled(ended);
            findings.look();
        } else if (!AttemptLog.tells(event) && !EndpointLog.tells(event)) {
            findings.onEvent(event);
        }
    }

    private static void started(CallInfo call) {
        if (LOG.isDebugEnabled()) {
            of(call, Level.DEBUG)
                    .say(call.id() + " begins" + asking(call) + " at "
                            + call.origin().host());
        }
    }

    private static void succeeded(CallSucceeded ended) {
        if (LOG.isInfoEnabled()) {
            AnswerInfo answer = ended.answer();
            Line line = of(ended.call(), Level.INFO)
                    .with(Key.OUTCOME, "answered")
                    .with(Key.STATUS, ended.status())
                    .with(Key.FIRST_TOKEN_MS, ended.firstToken())
                    .with(Key.ANSWERED_MODEL, Redaction.ofName(answer.model()))
                    .with(Key.FINISH_REASON, Redaction.ofName(answer.finishReason()))
                    .with(Key.INPUT_TOKENS, answer.inputTokens())
                    .with(Key.OUTPUT_TOKENS, answer.outputTokens())
                    .with(Key.CACHED_TOKENS, answer.cachedTokens())
                    .with(Key.REQUEST_ID, Redaction.ofId(answer.requestId()))
                    .with(Key.BYTES, ended.bytes());
            ended(line, ended.attempts(), ended.deployment(), ended.duration())
                    .say(ended.call().id() + " answered " + ended.status()
                            + (ended.exhausted() ? "" : ", closed early,")
                            + " in " + Line.time(ended.duration()) + firstToken(ended.firstToken())
                            + asking(ended.call()) + where(ended.call(), ended.deployment()) + tokens(answer)
                            + attempts(ended.attempts()));
        }
    }

    private static void failed(CallFailed ended) {
        if (LOG.isInfoEnabled()) {
            Line line = of(ended.call(), Level.INFO)
                    .with(Key.OUTCOME, "failed")
                    .with(Key.CAUSE, ended.fault().cause().code())
                    .with(Key.BLAME, Words.of(ended.fault().blame()));
            ended(line, ended.attempts(), ended.deployment(), ended.duration())
                    .say(ended.call().id() + " failed in " + Line.time(ended.duration()) + asking(ended.call())
                            + where(ended.call(), ended.deployment()) + attempts(ended.attempts()) + ": "
                            + ended.fault());
        }
    }

    private static void cancelled(CallCancelled ended) {
        if (LOG.isInfoEnabled()) {
            Line line = of(ended.call(), Level.INFO).with(Key.OUTCOME, "cancelled");
            ended(line, ended.attempts(), ended.deployment(), ended.duration())
                    .say(ended.call().id() + " cancelled by the application after " + Line.time(ended.duration())
                            + asking(ended.call()) + where(ended.call(), ended.deployment())
                            + attempts(ended.attempts()));
        }
    }

    private static Line of(CallInfo call, Level level) {
        RequestFacts facts = call.facts();
        return Line.of(LOG, level)
                .with(Key.CALL, call.id())
                .with(Key.MODEL, Words.model(call))
                .with(Key.DIALECT, call.dialect().orElse(""))
                .with(Key.HOST, call.origin().host())
                .with(Key.STREAM, facts.streaming());
    }

    private static Line ended(Line line, int attempts, String deployment, Duration duration) {
        return line.with(Key.ATTEMPTS, attempts)
                .with(Key.DEPLOYMENT, deployment)
                .with(Key.DURATION_MS, duration);
    }

    private static String asking(CallInfo call) {
        String model = Words.model(call);
        return model.isEmpty() ? "" : ", " + model;
    }

    private static String where(CallInfo call, String deployment) {
        return " at " + (deployment.isEmpty() ? call.origin().host() : deployment);
    }

    private static String firstToken(Duration after) {
        return after.isZero() ? "" : ", first token after " + Line.time(after);
    }

    private static String tokens(AnswerInfo answer) {
        return answer.outputTokens() < 0
                ? ""
                : ", tokens " + Math.max(0, answer.inputTokens()) + " in and " + answer.outputTokens() + " out";
    }

    private static String attempts(int count) {
        return count == 1 ? "" : ", " + count + " attempts";
    }

    @Override
    public String toString() {
        return "log";
    }
}
