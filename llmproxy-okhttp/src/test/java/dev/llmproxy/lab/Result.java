package dev.llmproxy.lab;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import dev.llmproxy.fault.LlmFaultException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one trial.
 *
 * @param scenario what was injected
 * @param seed with which parameters
 * @param told the cause that was told, nothing where none was
 * @param confidence how sure it was
 * @param fault the fault of a call that failed, or nothing
 * @param seen what a client that knows no causes sees: the class of the exception, or that there was none
 * @param status the HTTP status, 0 where there was none
 */
record Result(
        Scenario scenario,
        long seed,
        Optional<FaultCause> told,
        double confidence,
        Optional<Fault> fault,
        String seen,
        int status) {
    static Result of(Scenario scenario, long seed, Trial trial) {
        Told told = trial.told();
        return new Result(
                scenario, seed, told.cause(), told.confidence(), told.fault(), seen(trial.thrown()), trial.status());
    }

    // The diagnosis wraps what was thrown: without it the application would see that.
    private static String seen(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "no exception";
        }
        Throwable own = thrown instanceof LlmFaultException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return own.getClass().getSimpleName();
    }

    boolean isRight() {
        return told.equals(scenario.cause());
    }

    boolean isRightFamily() {
        return told.map(FaultCause::family).equals(scenario.cause().map(FaultCause::family));
    }

    /** Says whether nothing was claimed, although something was wrong. */
    boolean isAbstention() {
        return scenario.cause().isPresent() && (told.isEmpty() || told.get() == FaultCause.UNKNOWN);
    }

    boolean isFalseAlarm() {
        return scenario.cause().isEmpty() && told.isPresent();
    }

    Optional<FaultFamily> family() {
        return scenario.cause().map(FaultCause::family);
    }

    @Override
    public String toString() {
        return scenario + " (seed " + seed + ") told as "
                + told.map(FaultCause::code).orElse("nothing")
                + fault.map(f -> "\n" + f.explain()).orElse("");
    }
}
