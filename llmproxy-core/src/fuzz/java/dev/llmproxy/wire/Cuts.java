package dev.llmproxy.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Input of a fuzzer, and the places where it is cut. */
public final class Cuts {
    private Cuts() {}

    /** Returns cuts, the same for the same input: sizes of up to 40 bytes, used over and over. */
    public static byte[] cuts(FuzzedDataProvider data) {
        return data.consumeBytes(16);
    }

    /** Returns the bytes in pieces. */
    public static byte[][] cut(byte[] bytes, byte[] cuts) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; from < bytes.length; i++) {
            int size = cuts.length == 0 ? 1 : 1 + (cuts[i % cuts.length] & 0xff) % 40;
            int to = Math.min(bytes.length, from + size);
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }
}
