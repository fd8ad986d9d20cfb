package dev.llmproxy.retry;

import dev.llmproxy.chain.Nanos;
import dev.llmproxy.event.LlmEvent.RetryRefused.Why;

/** Says in words why a call is not sent again. */
final class Refusals {
    private Refusals() {}

    static String text(Why why, Retry settings) {
        return switch (why) {
            case MODE_OFF -> "the mode of the call is off";
            case ATTEMPTS -> "all " + settings.attempts() + " attempts are made";
            case MAY_HAVE_BILLED -> "it may have been billed, and the mode is safe";
            case ONLY_ONCE -> "such a fault is repeated once, and that was done";
            case BUDGET -> "too many calls there are being repeated already";
            case DEADLINE -> "the call has to end before";
            case WAIT_TOO_LONG ->
                "a wait may last " + Nanos.text(settings.longestWait().toNanos()) + " (Retry.longestWait)";
            case NO_ALTERNATIVE -> "there is no other deployment or key";
            case NESTED -> "another layer sends it again";
            case ONE_SHOT_BODY -> "its body can be written only once";
        };
    }
}
