package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class EventStreamFramesTest {
    private static final byte[] START = EventStreamMessage.event("messageStart")
            .payload("{\"role\":\"assistant\"}")
            .bytes();
    private static final byte[] STOP = EventStreamMessage.event("messageStop")
            .header(":content-type", "application/json")
            .payload("{}")
            .bytes();

    private static List<String> told(byte[]... messages) {
        return Told.ofEveryCut(EventStreamFrames::new, joined(messages));
    }

    private static byte[] joined(byte[]... messages) {
        Buffer all = new Buffer();
        for (byte[] message : messages) {
            all.write(message);
        }
        return all.readByteArray();
    }

    @Test
    void deliversEventsByTheirType() {
        assertThat(told(START, STOP))
                .containsExactly("event messageStart|{\"role\":\"assistant\"}", "event messageStop|{}");
    }

    @Test
    void deliversExceptionsAndErrors() {
        byte[] exception = EventStreamMessage.exception("throttlingException")
                .payload("{\"message\":\"slow down\"}")
                .bytes();
        byte[] error = new EventStreamMessage()
                .header(":error-code", "InternalError")
                .header(":message-type", "error")
                .bytes();
        assertThat(told(START, exception, error))
                .containsExactly(
                        "event messageStart|{\"role\":\"assistant\"}",
                        "exception throttlingException|{\"message\":\"slow down\"}",
                        "exception InternalError|");
    }

    @Test
    void readsOverAllTypesOfHeaders() {
        EventStreamMessage message = new EventStreamMessage()
                .header("t", 0, new byte[0])
                .header("f", 1, new byte[0])
                .header("b", 2, new byte[1])
                .header("s", 3, new byte[2])
                .header("i", 4, new byte[4])
                .header("l", 5, new byte[8])
                .header(":event-type", 6, new byte[] {0, 3, 'x', 'y', 'z'})
                .header("d", 8, new byte[8])
                .header("u", 9, new byte[16])
                .header(":event-type", "chunk")
                .header(":message-type", "event");
        assertThat(told(message.payload("x").bytes())).containsExactly("event chunk|x");
    }

    @Test
    void deliversAMessageWithoutHeaders() {
        assertThat(told(new EventStreamMessage().bytes())).containsExactly("event |");
    }

    @Test
    void refusesHeadersThatCannotBeRead() {
        byte[] unknownType =
                new EventStreamMessage().header("x", 10, new byte[0]).bytes();
        byte[] negativeType =
                new EventStreamMessage().header("x", -1, new byte[0]).bytes();
        byte[] tooLong =
                new EventStreamMessage().header("x", 7, new byte[] {0, 5, 'a'}).bytes();
        byte[] cut = new EventStreamMessage().header("x", 7, new byte[] {0}).bytes();
        byte[] cutNumber = new EventStreamMessage().header("x", 5, new byte[7]).bytes();
        for (byte[] message : List.of(unknownType, negativeType, tooLong, cut, cutNumber)) {
            assertThat(told(START, message, STOP))
                    .containsExactly("event messageStart|{\"role\":\"assistant\"}", "BAD_HEADERS at " + START.length);
        }
    }

    @Test
    void everyDamagedByteIsFound() {
        byte[] stream = joined(START, STOP);
        for (int i = 0; i < stream.length; i++) {
            byte[] damaged = stream.clone();
            damaged[i] ^= 0x20;
            String first = i < START.length ? "" : "event messageStart|{\"role\":\"assistant\"}, ";
            int at = i < START.length ? 0 : START.length;
            FrameError error = i - at < 12 ? FrameError.PRELUDE_CRC : FrameError.MESSAGE_CRC;
            assertThat(Told.of(EventStreamFrames::new, damaged))
                    .as("byte %d", i)
                    .hasToString("[" + first + error + " at " + at + "]");
        }
    }

    @Test
    void everyCutMessageIsFound() {
        byte[] stream = joined(START, STOP);
        for (int length = 1; length < stream.length; length++) {
            if (length != START.length) {
                assertThat(Told.of(EventStreamFrames::new, Arrays.copyOf(stream, length)))
                        .endsWith("TRUNCATED at " + length);
            }
        }
    }

    @Test
    void lengthsAreBoundedBeforeAnythingIsKept() {
        assertThat(told(prelude(0xffff_ffff, 0))).containsExactly("BAD_LENGTH at 0");
        assertThat(told(prelude((16 << 20) + 1, 0))).containsExactly("BAD_LENGTH at 0");
        assertThat(told(prelude(15, 0))).containsExactly("BAD_LENGTH at 0");
        assertThat(told(prelude(100, 85))).containsExactly("BAD_LENGTH at 0");
        assertThat(told(prelude(100, -1))).containsExactly("BAD_LENGTH at 0");
        assertThat(told(prelude(16 << 20, 0))).containsExactly("EVENT_TOO_LONG at 0");
    }

    @Test
    void textIsNoMessage() {
        assertThat(Told.ofEveryCut(EventStreamFrames::new, "data: {}\n\ndata: {}\n\n"))
                .containsExactly("PRELUDE_CRC at 0");
    }

    private static byte[] prelude(int length, int headers) {
        Buffer prelude = new Buffer().writeInt(length).writeInt(headers);
        CRC32 crc = new CRC32();
        crc.update(prelude.snapshot().toByteArray());
        return prelude.writeInt((int) crc.getValue()).readByteArray();
    }
}
