package dev.llmproxy.route;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a body names its model, in one pass and without a copy of it. For one body at a time, any number of them.
 *
 * <p>The whole body is read, also behind the model: it might name another one there.
 */
final class ModelScan implements JsonValues {
    private static final int TOP = 0;
    private static final int REPEATED = 1;
    private static final Paths PATHS =
            Paths.builder().add("model", TOP).add("requests[].model", REPEATED).build();

    // As long as the whole body may be: an image in base64 is one string.
    private final JsonScanner scanner = new JsonScanner(PATHS, this, Integer.MAX_VALUE);
    private final Buffer buffer = new Buffer();
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();
    private final byte[] text = new byte[1024];
    private int length;
    private byte[] wanted = {};
    private String model = "";
    private boolean twice;
    private int[] places = new int[2];
    private int count;

    /**
     * Looks for the one model that a body names, or for every place where it names one that is known.
     *
     * @param body the body
     * @param known what stands for that model in the body, empty where none is known
     */
    void scan(ByteString body, byte[] known) {
        scanner.reset();
        wanted = known;
        model = "";
        twice = false;
        length = 0;
        count = 0;
        feed(body);
        scanner.end();
    }

    private void feed(ByteString body) {
        // Of a large body the buffer shares the segments.
        buffer.write(body);
        try (Buffer.UnsafeCursor at = buffer.readUnsafe(cursor)) {
            for (int read = at.next(); read != -1; read = at.next()) {
                byte[] data = at.data;
                if (data != null) {
                    scanner.feed(data, at.start, at.end);
                }
            }
        } finally {
            buffer.clear();
        }
    }

    /** Returns what is wrong with the body, or null. */
    @Nullable
    JsonError error() {
        return scanner.error();
    }

    /** Returns where it goes wrong. */
    long errorOffset() {
        return scanner.errorOffset();
    }

    /** Says whether an object names its model twice. */
    boolean isAmbiguous() {
        return twice;
    }

    /** Returns the model, empty where the body names none or one that was known. */
    String model() {
        return model;
    }

    /** Returns where the model stands: for each place, where it begins and ends between its quotes. */
    int[] places() {
        return Arrays.copyOf(places, count);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        if (to - from > text.length - length) {
            // No model is called so.
            length = Integer.MAX_VALUE;
        } else if (length <= text.length) {
            System.arraycopy(utf8, from, text, length, to - from);
            length += to - from;
        }
    }

    @Override
    public void stringEnd(int field) {
        if (wanted.length > 0) {
            if (length == wanted.length && Arrays.equals(text, 0, length, wanted, 0, length)) {
                addPlace();
            }
        } else if (field == TOP) {
            model = length > text.length ? "" : new String(text, 0, length, StandardCharsets.UTF_8);
            addPlace();
        }
        length = 0;
    }

    private void addPlace() {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        places[count++] = (int) scanner.stringStart();
        places[count++] = (int) scanner.stringEnd();
    }

    @Override
    public void duplicate(int field) {
        twice |= wanted.length > 0 || field == TOP;
    }

    @Override
    public String toString() {
        return "scan for a model";
    }
}
