package dev.llmproxy.route;

import dev.llmproxy.fault.FaultCause;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is wrong for two minutes. */
enum SimulatedOutage {
    NONE("nothing is wrong"),
    BLACK_HOLE("one swallows all requests; they are given up after 30 s"),
    FAST_FAILURES("one fails after 20 ms"),
    FAST_AND_SLOW("one fails after 20 ms, another one is 8 times as slow"),
    ALL_BUSY("all are busy for the first 20 s of it, and refuse after 50 ms"),
    SLOW_FIRST_TOKEN("of one the first token takes ten times as long"),
    KEY_REVOKED("of one the key is revoked"),
    BROWN_OUT("one fails half of its calls after a second");

    static final long FROM = 120;
    static final long TO = 240;
    private static final long NANOS = 1_000_000_000L;

    final String words;

    SimulatedOutage(String words) {
        this.words = words;
    }

    /** How an attempt fails. */
    record Failure(FaultCause cause, double seconds) {}

    boolean isOn(long now) {
        return this != NONE && now >= FROM * NANOS && now < TO * NANOS;
    }

    /** Returns how an attempt at a deployment fails that begins now, null where it is answered. */
    @Nullable
    Failure failure(int deployment, long now, RandomGenerator random) {
        double chance = random.nextDouble();
        if (!isOn(now)) {
            return null;
        }
        return switch (this) {
            case BLACK_HOLE -> deployment == 1 ? new Failure(FaultCause.PROVIDER_HUNG, 30) : null;
            case FAST_FAILURES, FAST_AND_SLOW -> deployment == 1 ? new Failure(FaultCause.SERVER_ERROR, 0.02) : null;
            case ALL_BUSY -> now < (FROM + 20) * NANOS ? new Failure(FaultCause.PROVIDER_OVERLOADED, 0.05) : null;
            case KEY_REVOKED -> deployment == 1 ? new Failure(FaultCause.KEY_INVALID, 0.1) : null;
            case BROWN_OUT -> deployment == 1 && chance < 0.5 ? new Failure(FaultCause.SERVER_ERROR, 1) : null;
            default -> null;
        };
    }

    double slowerToFirstToken(int deployment, long now) {
        if (!isOn(now)) {
            return 1;
        }
        return switch (this) {
            case FAST_AND_SLOW -> deployment == 0 ? 8 : 1;
            case SLOW_FIRST_TOKEN -> deployment == 0 ? 10 : 1;
            default -> 1;
        };
    }

    double slowerTokens(int deployment, long now) {
        return isOn(now) && this == FAST_AND_SLOW && deployment == 0 ? 8 : 1;
    }
}
