package dev.llmproxy.lab;

import dev.llmproxy.diagnosis.Sight;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.ConnectionPool;

/** Applies the setting that a fault advises, and lets the same thing happen again. */
final class Remedies {
    private static final Pattern TIMEOUT = Pattern.compile("\\.([a-zA-Z]+)\\((PT[0-9.HMS]+)\\)");
    private static final Pattern POOL = Pattern.compile(
            "OkHttpClient\\.Builder\\.connectionPool\\(new ConnectionPool\\(([0-9]+), ([0-9]+), TimeUnit\\.([A-Z]+)\\)\\)");

    /**
     * A fault that a setting can mend.
     *
     * @param cause what is told
     * @param budgets the budgets that are too short
     * @param happening what happens each time
     */
    record Mendable(FaultCause cause, UnaryOperator<Timeouts> budgets, Scenario.Injection happening) {
        @Override
        public String toString() {
            return cause.code();
        }
    }

    /**
     * What came of one.
     *
     * @param told the fault that was told
     * @param setting the setting that it advised, or empty
     * @param then the fault after the setting was applied, or nothing
     */
    record Mended(Optional<Fault> told, String setting, Optional<Fault> then) {}

    private Remedies() {}

    static Mended mend(Mendable mendable, long seed) throws Exception {
        Optional<Fault> told = happen(mendable, seed, "");
        String setting = told.stream()
                .flatMap(fault -> fault.remedies().stream())
                .flatMap(remedy -> remedy.setting().stream())
                .findFirst()
                .orElse("");
        return new Mended(told, setting, happen(mendable, seed, setting));
    }

    private static Optional<Fault> happen(Mendable mendable, long seed, String setting) throws Exception {
        // A machine that is busy would be told as the cause.
        try (Trial trial = new Trial(seed, Sight.WITHOUT_LOCAL_HEALTH)) {
            trial.timeouts(mendable.budgets());
            apply(setting, trial);
            mendable.happening().run(trial);
            return trial.told().fault();
        }
    }

    // As a person would: the text of the advice is the code.
    private static void apply(String setting, Trial trial) {
        Matcher pool = POOL.matcher(setting);
        if (setting.isEmpty()) {
            return;
        }
        if (setting.startsWith("Timeouts.")) {
            trial.timeouts(timeouts -> applied(setting, timeouts));
        } else if (pool.matches()) {
            trial.http(http -> http.connectionPool(new ConnectionPool(
                    Integer.parseInt(pool.group(1)), Long.parseLong(pool.group(2)), TimeUnit.valueOf(pool.group(3)))));
        } else {
            throw new AssertionError("not known here: " + setting);
        }
    }

    private static Timeouts applied(String setting, Timeouts timeouts) {
        Timeouts changed = timeouts;
        Matcher each = TIMEOUT.matcher(setting);
        while (each.find()) {
            Duration value = Duration.parse(each.group(2));
            changed = switch (each.group(1)) {
                case "dns" -> changed.dns(value);
                case "connect" -> changed.connect(value);
                case "tls" -> changed.tls(value);
                case "upload" -> changed.upload(value);
                case "firstByte" -> changed.firstByte(value);
                case "firstToken" -> changed.firstToken(value);
                case "betweenBytes" -> changed.betweenBytes(value);
                case "betweenTokens" -> changed.betweenTokens(value);
                case "attempt" -> changed.attempt(value);
                case "call" -> changed.call(value);
                default -> throw new AssertionError("not known here: " + setting);
            };
        }
        return changed;
    }
}
