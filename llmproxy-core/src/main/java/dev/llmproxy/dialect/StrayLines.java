package dev.llmproxy.dialect;

import dev.llmproxy.wire.JsonScanner;
import java.util.Arrays;

/**
 * Lines of a stream that belong to no event: who reads the answer passes over them, so what stands in them is lost to him.
 * Some servers write an error so: in a field "error", or as JSON as it is, on one line or, as Google does, on several.
 */
final class StrayLines {
    private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r', ':'};
    private static final byte[] LINE_END = {'\n'};

    private final AnswerReader reader;
    // Of JSON that has begun and not ended.
    private boolean open;
    private String begun = "";
    private boolean payload;

    StrayLines(AnswerReader reader) {
        this.reader = reader;
    }

    /** Says whether JSON has begun of which the next line may be a part. */
    boolean isOpen() {
        return open;
    }

    /** Takes a line. The scanner is in no event. */
    void take(JsonScanner scanner, byte[] line, int from, int to) {
        if (open) {
            payload |= mayBePayload(line, from, to);
            scanner.feed(LINE_END, 0, LINE_END.length);
            read(scanner, line, from, to);
        } else if (!reader.facts().isTerminated() && !isIndented(line[from])) {
            begin(scanner, line, from, to);
        }
    }

    // Blanks may stand before an answer.
    private boolean isIndented(byte first) {
        return first == ' ' && reader.facts().events() == 0;
    }

    private void begin(JsonScanner scanner, byte[] line, int from, int to) {
        begun = "a line of " + (to - from) + " bytes that belongs to no event, "
                + reader.grammar().after();
        payload = mayBePayload(line, from, to);
        boolean named = startsWith(ERROR, line, from, to);
        if (!named && line[from] != '{' && line[from] != '[') {
            lost();
            return;
        }
        reader.facts().event();
        reader.grammar().eventStart(ERROR, 0, named ? ERROR.length - 1 : 0);
        scanner.reset();
        read(scanner, line, named ? from + ERROR.length : from, to);
    }

    private void read(JsonScanner scanner, byte[] line, int from, int to) {
        scanner.feed(line, from, to);
        open = !scanner.complete() && scanner.error() == null;
        if (scanner.complete()) {
            reader.grammar().eventEnd();
            reader.grammar().judgeNames();
        }
        if (!open && reader.facts().error().isEmpty()) {
            lost();
        }
    }

    /** Ends what was open: something else comes, or nothing more does. */
    void end() {
        if (open) {
            open = false;
            lost();
        }
    }

    private void lost() {
        reader.found(Rule.JSON_SYNTAX, payload ? Rule.Severity.ERROR : Rule.Severity.WARNING, begun);
    }

    private static boolean startsWith(byte[] prefix, byte[] line, int from, int to) {
        int end = from + prefix.length;
        return end <= to && Arrays.equals(line, from, end, prefix, 0, prefix.length);
    }

    private static boolean mayBePayload(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == '{' || line[i] == '<' || line[i] < 0) {
                return true;
            }
        }
        return false;
    }
}
