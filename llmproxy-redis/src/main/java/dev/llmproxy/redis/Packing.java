package dev.llmproxy.redis;

import dev.llmproxy.cache.DamagedEntryException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Makes entries smaller where that helps. The first byte says whether it did. */
final class Packing {
    private static final int WORTH_IT = 1024;
    private static final byte AS_IS = 0;
    private static final byte DEFLATED = 1;
    private static final int DEFLATED_HEAD = 1 + Integer.BYTES;
    // Nothing that was deflated is longer than that.
    private static final int BEST_RATIO = 1032;

    private Packing() {}

    static byte[] pack(byte[] plain) {
        byte[] smaller = plain.length > WORTH_IT ? deflated(plain) : plain;
        return smaller.length < plain.length ? smaller : asIs(plain);
    }

    private static byte[] asIs(byte[] plain) {
        byte[] packed = new byte[1 + plain.length];
        packed[0] = AS_IS;
        System.arraycopy(plain, 0, packed, 1, plain.length);
        return packed;
    }

    /** Returns it packed, or itself where that is not smaller. */
    private static byte[] deflated(byte[] plain) {
        byte[] packed = new byte[plain.length];
        ByteBuffer.wrap(packed).put(DEFLATED).putInt(plain.length);
        // Fast rather than small: the thread of a call does it.
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            int length = deflater.deflate(packed, DEFLATED_HEAD, packed.length - DEFLATED_HEAD);
            return deflater.finished() ? Arrays.copyOf(packed, DEFLATED_HEAD + length) : plain;
        } finally {
            deflater.end();
        }
    }

    static byte[] unpack(byte[] packed, int longest) throws DamagedEntryException {
        if (packed.length >= 1 && packed[0] == AS_IS) {
            return Arrays.copyOfRange(packed, 1, packed.length);
        }
        if (packed.length < DEFLATED_HEAD || packed[0] != DEFLATED) {
            throw damaged();
        }
        int length = ByteBuffer.wrap(packed, 1, Integer.BYTES).getInt();
        if (length < 0 || length > longest || length / BEST_RATIO > packed.length) {
            throw damaged();
        }
        return inflated(packed, length);
    }

    private static byte[] inflated(byte[] packed, int length) throws DamagedEntryException {
        // One byte of room beyond, so that what is longer than it says is seen.
        byte[] plain = new byte[length + 1];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed, DEFLATED_HEAD, packed.length - DEFLATED_HEAD);
            int inflated = inflater.inflate(plain);
            if (inflated != length || !inflater.finished() || inflater.getRemaining() != 0) {
                throw damaged();
            }
            return Arrays.copyOf(plain, length);
        } catch (DataFormatException e) {
            throw damaged();
        } finally {
            inflater.end();
        }
    }

    private static DamagedEntryException damaged() {
        return new DamagedEntryException("a stored answer cannot be unpacked");
    }
}
