package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.wire.FrameError;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.JsonValues;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.Paths;
import dev.llmproxy.wire.SseFrames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of a format that is not known, for the one thing that is certain of any: what says that it is JSON, or
 * events or lines of it, and ends in the middle of it, was cut. Whatever else it may be is none of our business. Nothing of it
 * is kept but the line at hand. For one thread.
 */
public final class UnknownScan {
    private static final Paths NOTHING = Paths.builder().build();

    private final Findings findings;
    private final JsonScanner scanner = JsonScanner.ofAnswers(NOTHING, new JsonValues() {});
    private final SaidForm form;
    private final @Nullable Frames frames;
    private boolean begun;
    private boolean other;
    private boolean lineEnded = true;
    private boolean ending;

    /**
     * Constructs the reading of one answer.
     *
     * @param headers its headers
     * @param findings takes what is wrong
     */
    public UnknownScan(LlmHeaders headers, Findings findings) {
        this.findings = findings;
        this.form = isEncoded(headers) ? SaidForm.ANY : formOf(headers);
        this.frames = switch (form) {
            case EVENTS -> new SseFrames(new LastEvent());
            case LINES -> new NdjsonFrames(new LastEvent());
            default -> null;
        };
    }

    // The application has asked for it, and decodes it.
    private static boolean isEncoded(LlmHeaders headers) {
        return !headers.get("Content-Encoding").orElse("identity").equalsIgnoreCase("identity");
    }

    private static SaidForm formOf(LlmHeaders headers) {
        return SaidForm.of(headers.get("Content-Type").orElse("").toLowerCase(Locale.ROOT));
    }

    /**
     * Reads a piece of the answer.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public void feed(byte[] data, int from, int to) {
        if (other || from == to) {
            return;
        }
        if (frames != null) {
            lineEnded = data[to - 1] == '\n' || data[to - 1] == '\r';
            frames.feed(data, from, to);
        } else if (form == SaidForm.DOCUMENT) {
            document(data, from, to);
        }
    }

    private void document(byte[] data, int from, int to) {
        int start = from;
        while (!begun && start < to && Framing.isBlank(data[start])) {
            start++;
        }
        if (!begun && start < to) {
            begun = true;
            other = !mayBeginJson(data[start]);
        }
        if (!other) {
            scanner.feed(data, from, to);
            other = scanner.error() != null;
        }
    }

    // A text or a number alone is as good a beginning of anything else.
    private static boolean mayBeginJson(byte first) {
        return first == '{' || first == '[';
    }

    /** Ends the answer: the body is exhausted. Not to be called for a body that broke or was closed. */
    public void end() {
        if (other) {
            return;
        }
        if (frames != null) {
            endFrames(frames);
        } else if (begun) {
            scanner.end();
            tell(Rule.JSON_TRUNCATED);
        }
    }

    private void endFrames(Frames last) {
        ending = !lineEnded;
        last.end();
        if (last instanceof SseFrames events) {
            events.deliverPending();
        }
    }

    private void tell(Rule rule) {
        if (scanner.error() == JsonError.TRUNCATED) {
            findings.found(rule, Rule.Severity.ERROR, JsonError.TRUNCATED + " at byte " + scanner.errorOffset());
        }
    }

    @Override
    public String toString() {
        return form + " of no known format";
    }

    // Only where all of them begin like JSON is the last one meant to be JSON.
    private final class LastEvent implements FrameSink {
        @Override
        public void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
            if (other || from == to) {
                return;
            }
            if (!ending) {
                other = !mayBeginJson(data[from]);
            } else if (mayBeginJson(data[from]) && to - from > 1) {
                scanner.feed(data, from, to);
                scanner.end();
                tell(Rule.STREAM_UNTERMINATED_EVENT);
            }
        }

        @Override
        public void broken(FrameError error, long offset) {
            other = true; // Too long to be kept.
        }
    }
}
