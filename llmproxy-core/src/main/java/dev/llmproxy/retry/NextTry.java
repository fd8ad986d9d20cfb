package dev.llmproxy.retry;

import dev.llmproxy.call.RetryMode;
import dev.llmproxy.chain.Choice;
import dev.llmproxy.chain.Choice.Alternative;
import dev.llmproxy.chain.Nanos;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultCause.Retry;
import org.jspecify.annotations.Nullable;

/**
 * What follows a fault: the call is sent again, or it is not. Decided from the fault's own word and what the call has to
 * offer, and from nothing else.
 *
 * @param refusal why it is not sent again, null where it is
 * @param change what is different then
 * @param delayNanos how long it waits before, or would have waited
 * @param backsOff whether that is a back-off
 */
record NextTry(@Nullable Why refusal, Alternative change, long delayNanos, boolean backsOff) {
    private static final NextTry OTHER_KEY = new NextTry(null, Alternative.KEY, 0, false);
    private static final NextTry NEW_TOKEN = new NextTry(null, Alternative.TOKEN, 0, false);
    private static final NextTry ELSEWHERE = new NextTry(null, Alternative.DEPLOYMENT, 0, false);
    private static final NextTry FALL_BACK = new NextTry(null, Alternative.FALLBACK, 0, false);
    private static final NextTry AT_ONCE = new NextTry(null, Alternative.NONE, 0, false);

    static NextTry refused(Why why) {
        return new NextTry(why, Alternative.NONE, 0, false);
    }

    /** Decides for a fault that can be repeated at all, or for whose cause there is a fallback. */
    static NextTry after(Fault fault, Progress sofar, Choice choice, Backoff backoff) {
        boolean fallsBack = fallsBack(fault, choice);
        Why why = forbidden(fault, sofar, fallsBack);
        if (why != null) {
            return refused(why);
        }
        return inTime(fallsBack ? FALL_BACK : how(fault, sofar, choice, backoff), sofar);
    }

    // The same model elsewhere is better than another one.
    private static boolean fallsBack(Fault fault, Choice choice) {
        boolean elsewhere = fault.retry() == Retry.FAILOVER && choice.offers(Alternative.DEPLOYMENT);
        return choice.offersFallback(fault.cause()) && !elsewhere;
    }

    // A fallback repeats nothing: it is set for its cause by name, with what it may cost.
    private static @Nullable Why forbidden(Fault fault, Progress sofar, boolean fallsBack) {
        boolean once = fault.retry() == Retry.ONCE;
        if (sofar.mode() == RetryMode.OFF) {
            return Why.MODE_OFF;
        }
        if (sofar.mode() == RetryMode.SAFE && fault.mayHaveBilled() && !once && !fallsBack) {
            return Why.MAY_HAVE_BILLED;
        }
        if (once && sofar.repeatedOnce()) {
            return Why.ONLY_ONCE;
        }
        return sofar.passes() >= sofar.attempts() ? Why.ATTEMPTS : null;
    }

    private static NextTry inTime(NextTry next, Progress sofar) {
        if (next.refusal != null) {
            return next;
        }
        if (next.delayNanos >= sofar.leftNanos()) {
            return new NextTry(Why.DEADLINE, next.change, next.delayNanos, false);
        }
        return next.delayNanos <= sofar.longestWaitNanos()
                ? next
                : new NextTry(Why.WAIT_TOO_LONG, next.change, next.delayNanos, false);
    }

    private static NextTry how(Fault fault, Progress sofar, Choice choice, Backoff backoff) {
        return switch (fault.retry()) {
            case FAILOVER -> elsewhere(choice);
            case OTHER_KEY -> otherKey(choice);
            case REFRESH -> choice.offers(Alternative.TOKEN) && !sofar.refreshed() ? NEW_TOKEN : otherKey(choice);
            case NOW, ONCE, BACKOFF, AFTER_HEADER -> anywhere(fault, sofar, choice, backoff);
            case NO -> refused(Why.NO_ALTERNATIVE);
        };
    }

    private static NextTry otherKey(Choice choice) {
        return choice.offers(Alternative.KEY) ? OTHER_KEY : elsewhere(choice);
    }

    private static NextTry elsewhere(Choice choice) {
        return choice.offers(Alternative.DEPLOYMENT) ? ELSEWHERE : refused(Why.NO_ALTERNATIVE);
    }

    private static NextTry anywhere(Fault fault, Progress sofar, Choice choice, Backoff backoff) {
        if (fault.cause().ejects() == FaultCause.Ejects.KEY && choice.offers(Alternative.KEY)) {
            return OTHER_KEY;
        }
        return choice.offers(Alternative.DEPLOYMENT) ? ELSEWHERE : again(fault, sofar, backoff);
    }

    private static NextTry again(Fault fault, Progress sofar, Backoff backoff) {
        long told = fault.retryAfter().map(Nanos::of).orElse(0L);
        if (told > 0) {
            return new NextTry(null, Alternative.NONE, backoff.toldNanos(told), false);
        }
        return switch (fault.retry()) {
            case BACKOFF -> backedOff(backoff.nanos(fault, sofar.backoffs() + 1));
            case AFTER_HEADER -> backedOff(backoff.throttledNanos(sofar.backoffs() + 1));
            default -> AT_ONCE;
        };
    }

    private static NextTry backedOff(long nanos) {
        return new NextTry(null, Alternative.NONE, nanos, true);
    }

    /** Says whether nobody has more to do for it: only the key or the token was wrong. */
    boolean isFree() {
        return change == Alternative.KEY || change == Alternative.TOKEN;
    }
}
