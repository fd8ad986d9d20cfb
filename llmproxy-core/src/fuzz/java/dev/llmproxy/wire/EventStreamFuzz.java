package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;

/** Binary messages, as they come and with the checksums that hide what is behind them put right. */
class EventStreamFuzz {
    private static final int MOST_BYTES = 512;

    @DictionaryEntries({":message-type", ":event-type", "exception", ":exception-type"})
    @FuzzTest(maxDuration = "60s")
    void cutsDoNotMatter(FuzzedDataProvider data) {
        byte[] cuts = Cuts.cuts(data);
        byte[] bytes = data.consumeBoolean() ? data.consumeRemainingAsBytes() : messages(data);
        List<String> whole = Told.of(sink -> new EventStreamFrames(sink, MOST_BYTES), bytes);
        List<String> inPieces = Told.of(sink -> new EventStreamFrames(sink, MOST_BYTES), Cuts.cut(bytes, cuts));
        assertThat(inPieces).isEqualTo(whole);
    }

    // No fuzzer finds a checksum.
    private static byte[] messages(FuzzedDataProvider data) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (data.remainingBytes() > 0 && all.size() < 4 * MOST_BYTES) {
            byte[] headers = data.consumeBytes(data.consumeInt(0, 64));
            byte[] payload = data.consumeBytes(data.consumeInt(0, 64));
            int length = 16 + headers.length + payload.length + rarely(data);
            int headersLength = headers.length + rarely(data);
            byte[] message = new byte[16 + headers.length + payload.length];
            ByteBuffer writer = ByteBuffer.wrap(message);
            writer.putInt(length).putInt(headersLength);
            writer.putInt(checksum(message, 8)).put(headers).put(payload);
            writer.putInt(checksum(message, message.length - 4));
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    private static int rarely(FuzzedDataProvider data) {
        return data.consumeByte() == 7 ? data.consumeInt() : 0;
    }

    private static int checksum(byte[] message, int length) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, length);
        return (int) crc.getValue();
    }
}
