package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** What frames tell about bytes, in words, for every way in which the bytes may be cut. */
final class Told implements FrameSink {
    private final List<String> told = new ArrayList<>();

    private final boolean foresees;

    private Told(boolean foresees) {
        this.foresees = foresees;
    }

    /**
     * Returns what is told of bytes that come in these pieces, after having found that it is the same to a sink that says
     * of data where it ends.
     */
    static List<String> of(Function<FrameSink, Frames> kind, byte[]... pieces) {
        List<String> told = of(new Told(false), kind, pieces);
        assertThat(of(new Told(true), kind, pieces)).as("foreseen").isEqualTo(told);
        return told;
    }

    private static List<String> of(Told sink, Function<FrameSink, Frames> kind, byte[]... pieces) {
        Frames frames = kind.apply(sink);
        for (byte[] piece : pieces) {
            // In the middle of an array that is overwritten behind it, as a segment is.
            byte[] array = new byte[piece.length + 7];
            System.arraycopy(piece, 0, array, 3, piece.length);
            frames.feed(array, 3, 3 + piece.length);
            Arrays.fill(array, (byte) '!');
        }
        frames.end();
        if (!frames.isBroken() && frames.pendingBytes() > 0) {
            sink.told.add("pending " + frames.pendingBytes());
        }
        return sink.told;
    }

    /** Returns what is told of bytes after having found that it is the same for all cuts. */
    static List<String> ofEveryCut(Function<FrameSink, Frames> kind, byte[] bytes) {
        List<String> told = of(kind, bytes);
        assertThat(of(kind, singleBytes(bytes))).as("byte by byte").isEqualTo(told);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(of(kind, cut(bytes, cut))).as("cut at %d", cut).isEqualTo(told);
        }
        Random random = new Random(20);
        for (int i = 0; i < 20; i++) {
            assertThat(of(kind, randomPieces(bytes, random))).as("random cuts").isEqualTo(told);
        }
        return told;
    }

    static List<String> ofEveryCut(Function<FrameSink, Frames> kind, String text) {
        return ofEveryCut(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what is before a cut, nothing, and what is behind it. */
    static byte[][] cut(byte[] bytes, int at) {
        return new byte[][] {Arrays.copyOfRange(bytes, 0, at), {}, Arrays.copyOfRange(bytes, at, bytes.length)};
    }

    static byte[][] singleBytes(byte[] bytes) {
        byte[][] pieces = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            pieces[i] = new byte[] {bytes[i]};
        }
        return pieces;
    }

    private static byte[][] randomPieces(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + random.nextInt(40));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces.toArray(new byte[0][]);
    }

    @Override
    public int endOfRepeat(byte[] data, int from, int to) {
        int end = LineEnd.find(data, from, to);
        return foresees && end < to ? end : -1;
    }

    @Override
    public void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        told.add("event " + text(name, nameFrom, nameTo) + "|" + text(data, from, to));
    }

    @Override
    public void exception(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        told.add("exception " + text(name, nameFrom, nameTo) + "|" + text(data, from, to));
    }

    @Override
    public void comment() {
        told.add("comment");
    }

    @Override
    public void id(byte[] bytes, int from, int to) {
        told.add("id " + text(bytes, from, to));
    }

    @Override
    public void retry(long millis) {
        told.add("retry " + millis);
    }

    @Override
    public void broken(FrameError error, long offset) {
        told.add(error + " at " + offset);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
