package dev.llmproxy.lab;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.timeout.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Applies the setting that a fault advises, and lets the same thing happen again. */
final class Remedies {
    private static final Pattern TIMEOUT = Pattern.compile("\\.?([a-zA-Z]+)\\((PT[0-9.HMS]+)\\)");

    /**
     * A fault that a setting can mend.
     *
     * @param cause what is told
     * @param budgets the budgets that are too short
     * @param happening what happens each time
     */
    record Mendable(FaultCause cause, UnaryOperator<Timeouts> budgets, Consumer<Trial> happening) {}

    /**
     * What came of one.
     *
     * @param told the fault that was told
     * @param setting the setting that it advised, or empty
     * @param then the fault after the setting was applied, or nothing
     */
    record Mended(Optional<Fault> told, String setting, Optional<Fault> then) {}

    private Remedies() {}

    static List<Mendable> all() {
        Duration budget = Duration.ofMillis(400);
        Duration late = Duration.ofMillis(560);
        return List.of(
                new Mendable(FaultCause.FIRST_BYTE_BUDGET_TOO_SHORT, timeouts -> timeouts.firstByte(budget), trial -> {
                    trial.history(2, Duration.ofMillis(260), Duration.ofMillis(280));
                    trial.meet(trial.healthy().afterRequest().pause(late));
                }),
                new Mendable(FaultCause.STREAM_STALLED, timeouts -> timeouts.betweenBytes(budget), trial -> {
                    trial.provider()
                            .always(Api.stream(trial.api().events(Api.words(trial.random())))
                                    .afterEvent(2)
                                    .pause(late));
                    trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
                }),
                new Mendable(FaultCause.BODY_STALLED, timeouts -> timeouts.betweenBytes(budget), trial -> {
                    trial.provider().always(trial.measured().atByte(20).pause(late));
                    trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
                }),
                new Mendable(FaultCause.LONG_ANSWER, timeouts -> timeouts.attempt(Duration.ofMillis(600)), trial -> {
                    List<String> texts = new ArrayList<>();
                    for (int i = 0; i < 9; i++) {
                        texts.add("word ");
                    }
                    trial.provider()
                            .always(Api.stream(trial.api().events(texts)).eventsEvery(Duration.ofMillis(75)));
                    trial.call(trial.api().request(trial.provider().url(), true, "Why?"));
                }));
    }

    static Mended mend(Mendable mendable, long seed) {
        Optional<Fault> told = happen(mendable, seed, mendable.budgets());
        String setting = told.stream()
                .flatMap(fault -> fault.remedies().stream())
                .flatMap(remedy -> remedy.setting().stream())
                .findFirst()
                .orElse("");
        Optional<Fault> then = happen(
                mendable, seed, timeouts -> applied(setting, mendable.budgets().apply(timeouts)));
        return new Mended(told, setting, then);
    }

    private static Optional<Fault> happen(Mendable mendable, long seed, UnaryOperator<Timeouts> budgets) {
        try (Trial trial = new Trial(seed)) {
            trial.timeouts(budgets);
            mendable.happening().accept(trial);
            return trial.told().fault();
        }
    }

    // As a person would: the text of the advice is the code.
    private static Timeouts applied(String setting, Timeouts timeouts) {
        Timeouts changed = timeouts;
        Matcher each = TIMEOUT.matcher(setting);
        while (each.find()) {
            Duration value = Duration.parse(each.group(2));
            changed = switch (each.group(1)) {
                case "firstByte" -> changed.firstByte(value);
                case "firstToken" -> changed.firstToken(value);
                case "betweenBytes" -> changed.betweenBytes(value);
                case "betweenTokens" -> changed.betweenTokens(value);
                case "attempt" -> changed.attempt(value);
                default -> throw new AssertionError("not known here: " + setting);
            };
        }
        return changed;
    }
}
