package dev.llmproxy.auth;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Optional;

/** For how long a key is set aside, by the cause of its refusal. */
final class KeyRests {
    // A wait of nothing is none: the key that was just refused would be the next one.
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration LIMITED = Duration.ofSeconds(5);
    private static final Duration USED_UP = Duration.ofMinutes(10);
    // What a provider says is believed so far: then the key is tried again, and it may say so again.
    private static final Duration LONGEST = Duration.ofHours(1);

    private KeyRests() {}

    /** Says whether a fault is one of the key. */
    static boolean isOfKey(Fault fault) {
        return fault.cause().ejects() == FaultCause.Ejects.KEY;
    }

    /** Returns how long the key rests; nothing where it is of no use until it changes. */
    static Optional<Duration> of(Fault fault) {
        return switch (fault.cause()) {
            case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_BURST -> Optional.of(told(fault, LIMITED));
            case QUOTA_EXHAUSTED, DAILY_LIMIT -> Optional.of(told(fault, USED_UP));
            default -> Optional.empty();
        };
    }

    private static Duration told(Fault fault, Duration otherwise) {
        Duration told = fault.retryAfter().orElse(otherwise);
        if (told.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return told.compareTo(LONGEST) > 0 ? LONGEST : told;
    }

    /** Says whether the refusal is for the model that was asked for, and the key may be good for others. */
    static boolean isOfModel(Fault fault) {
        return switch (fault.cause()) {
            case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_BURST, DAILY_LIMIT, PERMISSION_DENIED -> true;
            default -> false;
        };
    }
}
