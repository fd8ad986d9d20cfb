package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;
import java.util.EnumMap;
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
    private static final int DEFAULT_RATIO = 100;

    private static final Integrity STRICT = new Integrity(
            Mode.STRICT, DEFAULT_BODY_BYTES, DEFAULT_EVENT_BYTES, DEFAULT_LINE_BYTES, DEFAULT_RATIO, Map.of());

    private final Mode mode;
    private final long maxBodyBytes;
    private final int maxEventBytes;
    private final int maxLineBytes;
    private final int maxCompressionRatio;
    private final Map<Rule, Rule.Severity> severities;

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
            int maxCompressionRatio,
            Map<Rule, Rule.Severity> severities) {
        this.mode = mode;
        this.maxBodyBytes = maxBodyBytes;
        this.maxEventBytes = maxEventBytes;
        this.maxLineBytes = maxLineBytes;
        this.maxCompressionRatio = maxCompressionRatio;
        this.severities = severities;
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
        return new Integrity(other, maxBodyBytes, maxEventBytes, maxLineBytes, maxCompressionRatio, severities);
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
        return new Integrity(mode, bytes, maxEventBytes, maxLineBytes, maxCompressionRatio, severities);
    }

    /**
     * Sets how long one event of a stream may be, 16 MiB if nothing is said: the last event of a response holds the whole
     * of it, images and files included. Most events are below 1 KiB; memory is taken only by those that come.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxEventBytes(int bytes) {
        require("maxEventBytes", bytes);
        return new Integrity(mode, maxBodyBytes, bytes, maxLineBytes, maxCompressionRatio, severities);
    }

    /**
     * Sets how long one line of a stream may be, 16 MiB if nothing is said: an event is one line, and so is an image in
     * base64, which alone is more than 1 MiB as soon as it is of some size.
     *
     * @param bytes the most
     * @return the changed setting
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public Integrity maxLineBytes(int bytes) {
        require("maxLineBytes", bytes);
        return new Integrity(mode, maxBodyBytes, maxEventBytes, bytes, maxCompressionRatio, severities);
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
        if (times < 1) {
            throw new IllegalArgumentException("maxCompressionRatio: " + times + " (expected: >= 1)");
        }
        return new Integrity(mode, maxBodyBytes, maxEventBytes, maxLineBytes, times, severities);
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
        return new Integrity(mode, maxBodyBytes, maxEventBytes, maxLineBytes, maxCompressionRatio, changed);
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

    long maxBodyBytes() {
        return maxBodyBytes;
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    int maxLineBytes() {
        return maxLineBytes;
    }

    int maxCompressionRatio() {
        return maxCompressionRatio;
    }

    Rule.Severity severityOf(Rule rule, Rule.Severity found) {
        Rule.Severity set = severities.isEmpty() ? null : severities.get(rule);
        return set == null ? found : set;
    }

    /** Returns mode, caps and the changed severities. */
    @Override
    public String toString() {
        return "Integrity[" + mode + ", body " + maxBodyBytes + ", event " + maxEventBytes + ", line " + maxLineBytes
                + ", ratio " + maxCompressionRatio
                + (severities.isEmpty() ? "" : ", " + severities) + "]";
    }
}
