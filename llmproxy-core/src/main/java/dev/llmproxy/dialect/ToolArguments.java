package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.Paths;
import org.jspecify.annotations.Nullable;

/**
 * Checks while they come in pieces that the arguments of a tool call are one JSON object, or null where there are none.
 * One call at a time.
 */
final class ToolArguments implements JsonValues {
    private static final Paths WHOLE = Paths.builder().add("", 0).build();

    private final JsonScanner scanner = JsonScanner.ofAnswers(WHOLE, this);
    private final SurrogateJoin join = new SurrogateJoin(scanner);
    private boolean object;
    private long bytes;

    /** Begins the arguments of a call. */
    void begin() {
        scanner.reset();
        join.clear();
        object = false;
        bytes = 0;
    }

    void piece(byte[] utf8, int from, int to) {
        bytes += (long) to - from;
        join.feed(utf8, from, to);
    }

    /** Says whether anything has come. */
    boolean isBegun() {
        return bytes > 0;
    }

    /** Says whether what has come is one JSON object already. */
    boolean isWhole() {
        return object && scanner.complete();
    }

    /** Ends the arguments and says what is wrong with them: no bytes at all stand for no arguments. */
    @Nullable
    String end() {
        if (bytes == 0) {
            return null;
        }
        join.end();
        scanner.end();
        if (scanner.error() != null) {
            return scanner.error() + " at byte " + scanner.errorOffset() + " of " + bytes;
        }
        return object ? null : "no object";
    }

    /** Says whether what has come is only the beginning of an object. To be asked behind their end. */
    boolean isCut() {
        return scanner.error() == JsonError.TRUNCATED;
    }

    @Override
    public void begin(int field, boolean array) {
        object = !array;
    }

    @Override
    public void nul(int field) {
        object = true;
    }
}
