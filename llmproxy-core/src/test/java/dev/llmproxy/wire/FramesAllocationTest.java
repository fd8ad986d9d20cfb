package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FramesAllocationTest {
    private static final int EVENTS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void serverSentEventsCostNoMemoryPerEvent() {
        assertCostsNothing(
                new SseFrames(new Counter()), text("event: delta\ndata: {\"text\":\"" + "x".repeat(200) + "\"}\n\n"));
    }

    @Test
    void jsonLinesCostNoMemoryPerEvent() {
        assertCostsNothing(new NdjsonFrames(new Counter()), text("{\"text\":\"" + "x".repeat(200) + "\"}\n"));
    }

    @Test
    void elementsCostNoMemoryPerEvent() {
        JsonArrayFrames frames = new JsonArrayFrames(new Counter());
        frames.feed(text("[1"), 0, 2);
        assertCostsNothing(frames, text(",{\"text\":\"" + "x".repeat(200) + "\"}"));
    }

    @Test
    void binaryMessagesCostNoMemoryPerEvent() {
        assertCostsNothing(
                new EventStreamFrames(new Counter()),
                EventStreamMessage.event("chunk").payload("x".repeat(200)).bytes());
    }

    /** Feeds events in pieces of a size that cuts many of them. */
    private static void assertCostsNothing(Frames frames, byte[] event) {
        byte[] stream = new byte[event.length * EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            System.arraycopy(event, 0, stream, i * event.length, event.length);
        }
        long thread = Thread.currentThread().getId();
        feed(frames, stream);
        long before = THREADS.getThreadAllocatedBytes(thread);
        feed(frames, stream);
        long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        assertThat(allocated).as("bytes for %d events", EVENTS).isLessThan(EVENTS);
    }

    private static void feed(Frames frames, byte[] stream) {
        for (int from = 0; from < stream.length; from += 700) {
            frames.feed(stream, from, Math.min(stream.length, from + 700));
        }
        assertThat(frames.isBroken()).isFalse();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Counter implements FrameSink {
        private long bytes;

        @Override
        public void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
            bytes += to - from;
        }

        @Override
        public void broken(FrameError error, long offset) {
            throw new AssertionError(error + " at " + offset + " after " + bytes + " bytes");
        }
    }
}
