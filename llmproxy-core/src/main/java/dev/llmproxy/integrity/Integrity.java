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
    private static final long MIN_CAP = 1_024;
    private static final long DEFAULT_BODY_BYTES = 64L << 20;
    private static final int DEFAULT_EVENT_BYTES = 16 << 20;
    private static final int DEFAULT_LINE_BYTES = 16 << 20;

    private static final Integrity STRICT = new Integrity(
            Mode.STRICT, DEFAULT_BODY_BYTES, DEFAULT_EVENT_BYTES, DEFAULT_LINE_BYTES, Map.of(), List.of());

    private final Mode mode;
    private final long maxBodyBytes;
    private final int maxEventBytes;
    private final int maxLineBytes;
    private final Map<Rule, Rule.Severity> severities;
    private final List<NamedCheck> checks;

    /** What becomes of an answer that is found broken. */
    enum Mode {
        STRICT,
        OBSERVE,
        OFF
    }

    private Integrity(
            Mode mode,
            long maxBodyBytes,
            int maxEventBytes,
            int maxLineBytes,
            Map<Rule, Rule.Severity> severities,
            List<NamedCheck> checks) {
        this.mode = mode;
        this.maxBodyBytes = maxBodyBytes;
        this.maxEventBytes = maxEventBytes;
        this.maxLineBytes = maxLineBytes;
        this.severities = severities;
        this.checks = checks;
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
        return new Integrity(other, maxBodyBytes, maxEventBytes, maxLineBytes, severities, checks);
    }

    /**
     * Sets how long the decoded body of an answer may be, 64 MiB if nothing is said. A plain answer is kept in memory up
     * to it; beyond it an answer is broken.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxBodyBytes(long bytes) {
        require("maxBodyBytes", bytes);
        return new Integrity(mode, bytes, maxEventBytes, maxLineBytes, severities, checks);
    }

    /**
     * Sets how long one event of a stream may be, 16 MiB if nothing is said.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxEventBytes(int bytes) {
        require("maxEventBytes", bytes);
        return new Integrity(mode, maxBodyBytes, bytes, maxLineBytes, severities, checks);
    }

    /**
     * Sets how long one line of a stream may be, 16 MiB if nothing is said: an image in base64 is one line.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxLineBytes(int bytes) {
        require("maxLineBytes", bytes);
        return new Integrity(mode, maxBodyBytes, maxEventBytes, bytes, severities, checks);
    }

    private static void require(String name, long bytes) {
        if (bytes < MIN_CAP) {
            throw new IllegalArgumentException(name + ": " + bytes + " (expected: >= " + MIN_CAP + ")");
        }
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
        return new Integrity(mode, maxBodyBytes, maxEventBytes, maxLineBytes, changed, checks);
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
        return new Integrity(mode, maxBodyBytes, maxEventBytes, maxLineBytes, severities, List.copyOf(more));
    }

    /**
     * Says whether answers are looked at.
     *
     * @return false for {@link #off()}
     */
    public boolean isOn() {
        return mode != Mode.OFF;
    }

    boolean isStrict() {
        return mode == Mode.STRICT;
    }

    List<NamedCheck> checks() {
        return checks;
    }

    long maxBodyBytes() {
        return maxBodyBytes;
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    int maxLineBytes() {
        return maxLineBytes;
    }

    Rule.Severity severityOf(Rule rule, Rule.Severity found) {
        Rule.Severity set = severities.isEmpty() ? null : severities.get(rule);
        return set == null ? found : set;
    }

    /** Returns mode, caps, the changed severities and the names of the checks. */
    @Override
    public String toString() {
        return "Integrity[" + mode + ", body " + maxBodyBytes + ", event " + maxEventBytes + ", line " + maxLineBytes
                + (severities.isEmpty() ? "" : ", " + severities)
                + (checks.isEmpty() ? "" : ", checks " + checks) + "]";
    }
}
