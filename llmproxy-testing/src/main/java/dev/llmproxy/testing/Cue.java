package dev.llmproxy.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * Is a point in a {@link Reply} at which something happens; each method here returns the reply in which it does:
 *
 * <pre>{@code
 * Reply.json(200, body).atByte(10).cut()
 * Reply.sse("{\"n\":1}", "{\"n\":2}").afterEvent(1).pause(Duration.ofMillis(50)).afterEvent(2).reset()
 * }</pre>
 *
 * <p>A reply may have any number of cues. They are played in the order of their places, those at one place in the order in
 * which they were added. After {@link #cut}, {@link #reset} or {@link #stall} nothing more is played. Immutable.
 */
public final class Cue {
    private final Reply reply;
    private final Moment moment;
    private final long offset;

    Cue(Reply reply, Moment moment, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException(moment + ": " + offset + " (expected: >= 0)");
        }
        this.reply = reply;
        this.moment = moment;
        this.offset = offset;
    }

    /** Ends the connection with a FIN, as a process that dies does: in TLS, no {@code close_notify} goes before it. */
    public Reply cut() {
        return with("cut", Player::cut);
    }

    /** Ends the connection with a RST. What the client has not read yet may be lost with it, as on any network. */
    public Reply reset() {
        return with("reset", Player::reset);
    }

    /**
     * Goes silent: sends nothing more and leaves the connection open until the client or the provider closes it. Before the
     * whole request was read, also stops reading it: a client that sends more than the system's socket buffers hold
     * (several megabytes on a loopback) cannot go on.
     */
    public Reply stall() {
        return with("stall", Player::stall);
    }

    /** Goes silent until the gate opens. */
    public Reply hold(Gate gate) {
        Objects.requireNonNull(gate, "gate");
        return with("hold", player -> player.hold(gate));
    }

    /** Goes silent for this long. */
    public Reply pause(Duration duration) {
        long nanos = positive("duration", duration);
        return with("pause", player -> player.pause(nanos));
    }

    /** Sends what follows byte by byte, with a pause before each. */
    public Reply drip(Duration perByte) {
        long nanos = positive("perByte", perByte);
        return inAnswer("drip", player -> player.drip(nanos));
    }

    /** Sends these characters (as ISO-8859-1) in between, in no frame and counted in no length. */
    public Reply send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends these bytes in between, in no frame and counted in no length. */
    public Reply send(byte[] bytes) {
        byte[] copy = bytes.clone();
        return with("send", player -> player.send(copy));
    }

    /** Flips every bit of the next byte. */
    public Reply corrupt() {
        return inAnswer("corrupt", Player::corrupt);
    }

    /** Leaves out the next bytes, with whatever framing is among them. */
    public Reply drop(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: > 0)");
        }
        return inAnswer("drop", player -> player.drop(bytes));
    }

    /**
     * Sends these bytes in between so many times, in no frame and counted in no length, and holds them in memory once: an
     * answer without an end is sent {@link Integer#MAX_VALUE} times.
     */
    public Reply send(byte[] bytes, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times: " + times + " (expected: >= 1)");
        }
        byte[] copy = bytes.clone();
        return with("send " + times + " times", player -> player.send(copy, times));
    }

    private Reply inAnswer(String name, Effect effect) {
        if (!moment.inAnswer()) {
            throw new IllegalArgumentException(name + ": " + moment + " (expected: a place in the answer)");
        }
        return with(name, effect);
    }

    private Reply with(String name, Effect effect) {
        return reply.with(new Mark(moment, offset, name, effect));
    }

    private static long positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
        return duration.toNanos();
    }

    /** Returns the place as a test names it, for messages. */
    @Override
    public String toString() {
        return moment.at(offset);
    }
}
