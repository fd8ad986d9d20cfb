package dev.llmproxy.testing;

import java.io.IOException;
import java.util.List;

/** Plays one reply on its connection. */
final class Player {
    private final Line line;
    private final String target;
    private final Runnable beforeEnd;
    private byte[] wire = new byte[0];
    private int position;
    private long dripNanos;
    private boolean over;

    /** A tunnel leads to the target; {@code beforeEnd} runs before what ends the connection or leaves it silent. */
    Player(Line line, String target, Runnable beforeEnd) {
        this.line = line;
        this.target = target;
        this.beforeEnd = beforeEnd;
    }

    /** Plays what happens outside the answer; returns whether the connection goes on. */
    boolean play(List<Mark> marks) throws IOException {
        for (Mark mark : marks) {
            play(mark.effect());
        }
        return !over;
    }

    private void play(Effect effect) throws IOException {
        if (!over) {
            effect.play(this);
        }
    }

    /** Plays the answer; returns whether the connection goes on. */
    boolean play(Reply reply, boolean headOnly) throws IOException {
        Wire answer = reply.content().wire();
        wire = headOnly ? answer.head() : answer.bytes();
        for (Mark mark : reply.marks(answer)) {
            sendTo(answer.offset(mark));
            play(mark.effect());
        }
        sendTo(wire.length);
        play(reply.last());
        return !over;
    }

    private void sendTo(int end) throws IOException {
        int until = Math.min(end, wire.length);
        while (position < until && !over) {
            if (dripNanos == 0) {
                line.write(wire, position, until - position);
                position = until;
            } else if (line.await(dripNanos)) {
                line.write(wire, position++, 1);
            } else {
                over = true;
            }
        }
    }

    /** Does nothing: the connection goes on. */
    void goOn() {}

    void tunnel() throws IOException {
        if (!target.matches(".+:\\d{1,5}")) {
            throw new IllegalArgumentException("tunnel: " + target + " (expected: host and port)");
        }
        int colon = target.lastIndexOf(':');
        tunnelTo(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
    }

    void tunnelTo(String host, int port) throws IOException {
        end();
        line.relay(host, port);
    }

    void cut() throws IOException {
        end();
        line.cut();
    }

    void reset() throws IOException {
        end();
        line.reset();
    }

    void stall() throws IOException {
        end();
        line.awaitHangUp();
    }

    private void end() {
        over = true;
        beforeEnd.run();
    }

    void hold(Gate gate) {
        over |= !line.await(gate);
    }

    void pause(long nanos) {
        over |= !line.await(nanos);
    }

    void drip(long nanosPerByte) {
        dripNanos = nanosPerByte;
    }

    void send(byte[] bytes) throws IOException {
        line.write(bytes, 0, bytes.length);
    }

    void send(byte[] bytes, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            send(bytes);
        }
    }

    void corrupt() {
        if (position < wire.length) {
            wire[position] ^= (byte) 0xFF;
        }
    }

    void drop(int bytes) {
        position = Math.min(position + bytes, wire.length);
    }
}
