package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How strictly requests and answers are looked at. Immutable: each method returns a changed copy.
 *
 * <p>{@link #strict()}, the default, keeps a certainly broken answer from passing for a success, and a request that no
 * server can read from being sent. What is only suspicious is told by {@link
 * dev.llmproxy.event.LlmEvent.FindingDetected} and never fails a call.
 */
public final class Integrity {
    private static final long MIN_CAP = 1_024;
    private static final long DEFAULT_BODY_BYTES = 64L << 20;
    private static final long DEFAULT_EVENT_BYTES = 16L << 20;

    // A small heap could not hold what a large one can. An event is copied while it grows, so it may be half as long.
    private static final long HELD_PART_OF_HEAP = 8;
    private static final long EVENT_PART_OF_HEAP = 16;

    private static final Integrity STRICT = forHeap(Runtime.getRuntime().maxMemory());

    private final Mode mode;
    private final long maxBodyBytes;
    private final long maxHeldBytes;
    private final int maxEventBytes;
    private final int maxLineBytes;
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
            long maxHeldBytes,
            int maxEventBytes,
            int maxLineBytes,
            Map<Rule, Rule.Severity> severities) {
        this.mode = mode;
        this.maxBodyBytes = maxBodyBytes;
        this.maxHeldBytes = maxHeldBytes;
        this.maxEventBytes = maxEventBytes;
        this.maxLineBytes = maxLineBytes;
        this.severities = severities;
    }

    /** Returns the strict setting with the caps for a heap of this size. */
    static Integrity forHeap(long bytes) {
        long held = Math.min(DEFAULT_BODY_BYTES, Math.max(MIN_CAP, bytes / HELD_PART_OF_HEAP));
        int event = (int) Math.min(DEFAULT_EVENT_BYTES, Math.max(MIN_CAP, bytes / EVENT_PART_OF_HEAP));
        return new Integrity(Mode.STRICT, DEFAULT_BODY_BYTES, held, event, event, Map.of());
    }

    /**
     * Returns the default: a broken answer fails its attempt, and a broken request is refused before anything is sent.
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
     * Returns a setting that looks at neither requests nor answers: finish reasons and usage are unknown then.
     *
     * @return the setting that is off
     */
    public static Integrity off() {
        return STRICT.in(Mode.OFF);
    }

    private Integrity in(Mode other) {
        return new Integrity(other, maxBodyBytes, maxHeldBytes, maxEventBytes, maxLineBytes, severities);
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
        require("maxBodyBytes", bytes);
        return new Integrity(mode, bytes, bytes, maxEventBytes, maxLineBytes, severities);
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
        require("maxEventBytes", bytes);
        return new Integrity(mode, maxBodyBytes, maxHeldBytes, bytes, maxLineBytes, severities);
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
        require("maxLineBytes", bytes);
        return new Integrity(mode, maxBodyBytes, maxHeldBytes, maxEventBytes, bytes, severities);
    }

    private static void require(String name, long bytes) {
        if (bytes < MIN_CAP) {
            throw new IllegalArgumentException(name + ": " + bytes + " (expected: >= " + MIN_CAP + ")");
        }
    }

    /**
     * Sets how bad the findings of one rule are: an error fails the attempt, or the call before
     * anything is sent; anything less is told only.
     *
     * @param rule the rule
     * @param severity how bad its findings are
     * @return the changed setting
     */
    public Integrity severity(Rule rule, Rule.Severity severity) {
        Map<Rule, Rule.Severity> changed = new EnumMap<>(Rule.class);
        changed.putAll(severities);
        changed.put(Objects.requireNonNull(rule, "rule"), Objects.requireNonNull(severity, "severity"));
        return new Integrity(mode, maxBodyBytes, maxHeldBytes, maxEventBytes, maxLineBytes, changed);
    }

    /**
     * Says whether requests and answers are looked at.
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

    /** Returns how long what is kept back may be. */
    long maxHeldBytes() {
        return maxHeldBytes;
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

    /** Returns mode, caps and the changed severities. */
    @Override
    public String toString() {
        return "Integrity[" + mode + ", body " + maxBodyBytes + ", kept back " + maxHeldBytes + ", event "
                + maxEventBytes + ", line " + maxLineBytes + (severities.isEmpty() ? "" : ", " + severities) + "]";
    }
}
