package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How strictly answers are looked at. Immutable: each method returns a changed copy.
 *
 * <p>{@link #strict()}, the default, keeps a certainly broken answer from passing for a success. What is only suspicious
 * is told by {@link dev.llmproxy.event.LlmEvent.FindingDetected} and never fails a call.
 */
public final class Integrity {
    private static final Integrity STRICT = forHeap(Runtime.getRuntime().maxMemory());

    private final Mode mode;
    private final Caps caps;
    private final Map<Rule, Rule.Severity> severities;
    private final List<NamedCheck> checks;

    /** What becomes of an answer that is found broken. */
    enum Mode {
        STRICT,
        OBSERVE,
        OFF
    }

    private Integrity(Mode mode, Caps caps, Map<Rule, Rule.Severity> severities, List<NamedCheck> checks) {
        this.mode = mode;
        this.caps = caps;
        this.severities = severities;
        this.checks = checks;
    }

    /** Returns the strict setting with the caps for a heap of this size. */
    static Integrity forHeap(long bytes) {
        return new Integrity(Mode.STRICT, Caps.forHeap(bytes), Map.of(), List.of());
    }

    /**
     * Returns the default: a broken answer fails its attempt.
     *
     * @return the strict setting
     */
    public static Integrity strict() {
        return STRICT;
    }

    /**
     * Returns a setting that tells what it finds and never interferes: nothing is kept back, and nothing fails.
     *
     * @return the observing setting
     */
    public static Integrity observe() {
        return STRICT.in(Mode.OBSERVE);
    }

    /**
     * Returns a setting that does not look at answers at all: finish reasons and usage are unknown then.
     *
     * @return the setting that is off
     */
    public static Integrity off() {
        return STRICT.in(Mode.OFF);
    }

    private Integrity in(Mode other) {
        return new Integrity(other, caps, severities, checks);
    }

    /**
     * Sets how long the decoded body of an answer may be; beyond it an answer is broken. If nothing is said, that is 64 MiB,
     * and for what is kept back in memory, as a plain answer is until it is whole, an eighth of the largest heap
     * ({@link Runtime#maxMemory}) where that is less. A size that is set holds for both.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxBodyBytes(long bytes) {
        return with(caps.bodyBytes(bytes));
    }

    /**
     * Sets how long one event of a stream may be. If nothing is said, that is 16 MiB, or a sixteenth of the largest heap
     * where that is less.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxEventBytes(int bytes) {
        return with(caps.eventBytes(bytes));
    }

    /**
     * Sets how long one line of a stream may be: an image in base64 is one line. If nothing is said, that is as long as an
     * event.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxLineBytes(int bytes) {
        return with(caps.lineBytes(bytes));
    }

    /**
     * Sets how many times longer a compressed body may become, 100 times if nothing is said. Counted from 1 MiB of the
     * decoded body on, where a binding counts what arrives; beyond it an answer is broken while it is read. A stream of
     * small events reaches 60, a body that was made to fill the memory 1,000.
     *
     * @param times the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1
     */
    public Integrity maxCompressionRatio(int times) {
        return with(caps.compressionRatio(times));
    }

    private Integrity with(Caps changed) {
        return new Integrity(mode, changed, severities, checks);
    }

    /**
     * Sets how bad the findings of one rule are: an error fails the attempt, anything less is told only.
     *
     * @param rule the rule
     * @param severity how bad its findings are
     * @return the changed setting
     */
    public Integrity severity(Rule rule, Rule.Severity severity) {
        Map<Rule, Rule.Severity> changed = new EnumMap<>(Rule.class);
        changed.putAll(severities);
        changed.put(Objects.requireNonNull(rule, "rule"), Objects.requireNonNull(severity, "severity"));
        return new Integrity(mode, caps, changed, checks);
    }

    /**
     * Adds a check of the application's own. A plain answer is checked before it is handed over, a stream when its end has
     * come: what was read of it before stays read, and the read of its end throws. What the check rejects fails the attempt
     * with {@link dev.llmproxy.fault.FaultCause#REJECTED_BY_CHECK}; with {@link #observe()} it is told only. Checks run in the
     * order in which they were added, on the thread that reads, and only on whole answers in which nothing else is wrong.
     *
     * <p>An answer's text is collected only if there is a check.
     *
     * @param name what stands in faults and events: one line of at most 80 characters, which no other check has
     * @param check the check
     * @return the changed setting
     * @throws IllegalArgumentException if the name is blank, too long, of several lines or taken
     */
    public Integrity check(String name, Check check) {
        NamedCheck added = new NamedCheck(name, check);
        if (checks.stream().anyMatch(known -> known.name().equals(name))) {
            throw new IllegalArgumentException("name: " + name + " (expected: a name that no other check has)");
        }
        List<NamedCheck> more = new ArrayList<>(checks);
        more.add(added);
        return new Integrity(mode, caps, severities, List.copyOf(more));
    }

    /**
     * Says whether answers are looked at.
     *
     * @return false for {@link #off()}
     */
    public boolean isOn() {
        return mode != Mode.OFF;
    }

    /**
     * Says whether answers are held back until they have begun, and broken ones refused.
     *
     * @return whether this is {@link #strict()}
     */
    public boolean isStrict() {
        return mode == Mode.STRICT;
    }

    Caps caps() {
        return caps;
    }

    List<NamedCheck> checks() {
        return checks;
    }

    Rule.Severity severityOf(Rule rule, Rule.Severity found) {
        Rule.Severity set = severities.isEmpty() ? null : severities.get(rule);
        return set == null ? found : set;
    }

    /** Returns mode, caps, the changed severities and the names of the checks. */
    @Override
    public String toString() {
        return "Integrity[" + mode + ", " + caps
                + (severities.isEmpty() ? "" : ", " + severities)
                + (checks.isEmpty() ? "" : ", checks " + checks) + "]";
    }
}
