package dev.llmproxy.logging;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmEvent.AttemptFailed;
import dev.llmproxy.event.LlmEvent.AttemptStarted;
import dev.llmproxy.event.LlmEvent.AttemptSucceeded;
import dev.llmproxy.event.LlmEvent.CacheLookedUp;
import dev.llmproxy.event.LlmEvent.CacheOffered;
import dev.llmproxy.event.LlmEvent.HedgeEnded;
import dev.llmproxy.event.LlmEvent.LimitWaited;
import dev.llmproxy.event.LlmEvent.ModelReplaced;
import dev.llmproxy.event.LlmEvent.RetryRefused;
import dev.llmproxy.event.LlmEvent.RetryScheduled;
import dev.llmproxy.event.LlmEvent.RetryScheduled.Change;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes the steps of a call at {@code DEBUG}: what is sent, what comes of it, and what the cache says. */
final class AttemptLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.attempt");
    private static final Logger CACHE = LoggerFactory.getLogger("dev.llmproxy.cache");

    private AttemptLog() {}

    /** Says whether an event is one of these, and writes it. */
    static boolean tells(LlmEvent event) {
        if (event instanceof AttemptStarted started) {
            started(started);
        } else if (event instanceof AttemptSucceeded ended) {
            succeeded(ended);
        } else if (event instanceof AttemptFailed ended) {
            failed(ended);
        } else if (event instanceof RetryScheduled retry) {
            scheduled(retry);
        } else if (event instanceof RetryRefused refused) {
            refused(refused);
        } else if (event instanceof LimitWaited wait) {
            waited(wait);
        } else if (event instanceof ModelReplaced replaced) {
            replaced(replaced);
        } else if (event instanceof HedgeEnded hedge) {
            hedged(hedge);
        } else if (event instanceof CacheLookedUp lookedUp) {
            lookedUp(lookedUp);
        } else if (event instanceof CacheOffered offered) {
            offered(offered);
        } else {
            return false;
        }
        return true;
    }

    private static void started(AttemptStarted started) {
        if (LOG.isDebugEnabled()) {
            of(started.call(), started.attempt())
                    .with(Key.DEPLOYMENT, started.deployment())
                    .say(id(started.call(), started.attempt()) + " begins"
                            + (started.deployment().isEmpty() ? "" : " at " + started.deployment()));
        }
    }

    private static void succeeded(AttemptSucceeded ended) {
        if (LOG.isDebugEnabled()) {
            of(ended.call(), ended.attempt())
                    .with(Key.DEPLOYMENT, ended.deployment())
                    .with(Key.HOST, ended.origin().host())
                    .with(Key.STATUS, ended.status())
                    .with(Key.FIRST_BYTE_MS, ended.firstByte())
                    .with(Key.FIRST_TOKEN_MS, ended.firstToken())
                    .with(Key.DURATION_MS, ended.duration())
                    .with(Key.BYTES, ended.bytes())
                    .with(Key.EVENTS, ended.events())
                    .with(Key.REQUEST_ID, Redaction.ofId(ended.answer().requestId()))
                    .say(id(ended.call(), ended.attempt()) + " answered " + ended.status() + " in "
                            + Line.time(ended.duration()) + ": " + ended.bytes() + " bytes, phases (ms) "
                            + ended.times());
        }
    }

    private static void failed(AttemptFailed ended) {
        if (LOG.isDebugEnabled()) {
            of(ended.call(), ended.attempt())
                    .with(Key.DEPLOYMENT, ended.deployment())
                    .with(Key.HOST, ended.origin().host())
                    .with(Key.CAUSE, ended.fault().cause().code())
                    .with(Key.DURATION_MS, ended.duration())
                    .say(id(ended.call(), ended.attempt()) + " failed in " + Line.time(ended.duration()) + ": "
                            + ended.fault() + "; phases (ms) " + ended.times());
        }
    }

    private static void scheduled(RetryScheduled retry) {
        if (LOG.isDebugEnabled()) {
            of(retry.call(), retry.attempt())
                    .with(Key.CAUSE, retry.reason().code())
                    .with(Key.DELAY_MS, retry.delay())
                    .say(id(retry.call(), retry.attempt()) + " is sent in " + Line.time(retry.delay()) + " for "
                            + retry.reason().code() + changed(retry.change())
                            + (retry.mayBillTwice() ? ", and may bill twice" : ""));
        }
    }

    private static String changed(Change change) {
        return switch (change) {
            case NOTHING -> "";
            case FALLBACK -> ", where the route falls back to";
            default -> ", with another " + Words.of(change);
        };
    }

    private static void refused(RetryRefused refused) {
        if (LOG.isDebugEnabled()) {
            Line.of(LOG, Level.DEBUG)
                    .with(Key.CALL, refused.call().id())
                    .with(Key.CAUSE, refused.reason().code())
                    .with(Key.ATTEMPTS, refused.attempts())
                    .say(refused.call().id() + " is not sent again for "
                            + refused.reason().code() + ": " + Words.of(refused.why()));
        }
    }

    private static void waited(LimitWaited wait) {
        if (LOG.isDebugEnabled()) {
            Line.of(LOG, Level.DEBUG)
                    .with(Key.CALL, wait.call().id())
                    .with(Key.DEPLOYMENT, wait.deployment())
                    .with(Key.DELAY_MS, wait.waited())
                    .say(wait.call().id() + " waited " + Line.time(wait.waited()) + " for the limit of "
                            + Words.of(wait.limit()) + (wait.admitted() ? "" : ", and in vain"));
        }
    }

    private static void replaced(ModelReplaced replaced) {
        if (LOG.isDebugEnabled()) {
            of(replaced.call(), replaced.attempt())
                    .with(Key.DEPLOYMENT, replaced.deployment())
                    .with(Key.MODEL, Redaction.ofName(replaced.model()))
                    .say(id(replaced.call(), replaced.attempt()) + " asks for " + Redaction.ofName(replaced.model()));
        }
    }

    private static void hedged(HedgeEnded hedge) {
        if (LOG.isDebugEnabled()) {
            of(hedge.call(), hedge.attempt())
                    .with(Key.DEPLOYMENT, hedge.deployment())
                    .with(Key.DELAY_MS, hedge.delay())
                    .say(hedge.call().id() + " was sent a second time after " + Line.time(hedge.delay()) + ": "
                            + Words.of(hedge.result()));
        }
    }

    private static void lookedUp(CacheLookedUp lookedUp) {
        if (CACHE.isDebugEnabled()) {
            String outcome = Words.of(lookedUp.outcome());
            Line.of(CACHE, Level.DEBUG)
                    .with(Key.CALL, lookedUp.call().id())
                    .with(Key.CACHE, outcome)
                    .say(lookedUp.call().id() + " " + outcome
                            + (lookedUp.reason().isEmpty() ? "" : ": " + lookedUp.reason())
                            + (lookedUp.age().isZero() ? "" : ", stored " + Line.time(lookedUp.age()) + " ago"));
        }
    }

    private static void offered(CacheOffered offered) {
        if (CACHE.isDebugEnabled()) {
            Line.of(CACHE, Level.DEBUG)
                    .with(Key.CALL, offered.call().id())
                    .with(Key.CACHE, offered.isStored() ? "stored" : "not stored")
                    .with(Key.BYTES, offered.bytes())
                    .say(offered.call().id()
                            + (offered.isStored()
                                    ? " stored for " + Line.time(offered.fresh())
                                    : " not stored: " + offered.refusal()));
        }
    }

    private static Line of(CallInfo call, int attempt) {
        return Line.of(LOG, Level.DEBUG).with(Key.CALL, call.id()).with(Key.ATTEMPT, attempt);
    }

    private static String id(CallInfo call, int attempt) {
        return call.id() + " attempt " + attempt;
    }
}
