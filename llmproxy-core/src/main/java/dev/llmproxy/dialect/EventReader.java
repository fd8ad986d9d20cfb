package dev.llmproxy.dialect;

import dev.llmproxy.wire.FrameError;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.KnownShapes;
import dev.llmproxy.wire.SseFrames;
import java.util.Arrays;
import java.util.function.Function;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads a streamed answer: events that are one JSON text each. */
final class EventReader extends AnswerReader implements FrameSink {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
    private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};
    private static final int WAITED_FOR = 2;

    private final Frames frames;
    private JsonScanner scanner;
    private @Nullable Naming naming;
    private @Nullable KnownShapes known;
    private final EventRepeats repeats = new EventRepeats();
    private final StrayLines strays = new StrayLines(this);
    private boolean replayTold;
    private boolean pending;
    private boolean broken;

    /** Finds out whether the first event is of another format than was expected. */
    @FunctionalInterface
    interface Naming {
        /** Returns what reads the format, or null if it is the one that was expected. */
        @Nullable
        AnswerGrammar named(byte[] event, int from, int to);
    }

    EventReader(Function<FrameSink, Frames> framing, AnswerGrammar grammar, Findings findings) {
        super(grammar, findings);
        this.scanner = JsonScanner.ofAnswers(grammar.paths(), grammar);
        this.frames = framing.apply(this);
    }

    /** Has the first events compared with those of other streams. */
    void compare(KnownShapes others) {
        known = others;
    }

    /** Has the first event looked at for the name of another format. */
    void ask(Naming toAsk) {
        naming = toAsk;
    }

    @Override
    public void feed(byte[] data, int from, int to) {
        frames.feed(data, from, to);
    }

    @Override
    public void end() {
        frames.end();
        if (broken) {
            return;
        }
        if (frames.pendingBytes() > 0 && frames instanceof SseFrames events) {
            endPending(events);
        }
        strays.end();
        if (facts().events() == 0) {
            found(Rule.TRANSPORT_EMPTY, "no event in " + frames.position() + " bytes");
        } else if (!broken) {
            if (!replayTold && repeats.endRun()) {
                replayed();
            }
            grammar().end();
        }
    }

    // Some servers leave out the blank line behind the last event; a whole terminator in it is one.
    private void endPending(SseFrames events) {
        String detail = events.pendingBytes() + " bytes behind the last event";
        pending = true;
        events.deliverPending();
        if (pending) {
            found(Rule.STREAM_UNTERMINATED_EVENT, detail);
        }
    }

    @Override
    public void event(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        strays.end();
        if (from == to) {
            facts().comment();
            return;
        }
        if (naming != null) {
            ask(naming, data, from, to);
        }
        if (nameFrom == nameTo && endOfRepeat(data, from, to) == to) {
            repeat(data, from, to);
            return;
        }
        facts().event();
        if (isDone(data, from, to)) {
            grammar().done();
            grammar().judgeIfSaid();
            return;
        }
        if (pending && isDoneCut(data, from, to)) {
            return;
        }
        judgeName(name, nameFrom, nameTo);
        grammar().eventStart(name, nameFrom, nameTo);
        long characters = facts().textCharacters();
        if (scan(data, from, to)) {
            grammar().eventEnd();
            grammar().judgeNames();
            judgeReplay(data, from, to, facts().textCharacters() - characters);
            grammar().judgeIfSaid();
        } else if (isErrorInWords(name, nameFrom, nameTo)) {
            WireText words = new WireText();
            words.add(data, from, to);
            grammar().inBandError("", "", words.toString());
        } else {
            notJson(to - from);
        }
    }

    private boolean isErrorInWords(byte[] name, int from, int to) {
        return Arrays.equals(name, from, to, ERROR, 0, ERROR.length)
                && scanner.error() == JsonError.SYNTAX
                && !facts().isTerminated();
    }

    private void ask(Naming toAsk, byte[] data, int from, int to) {
        naming = null;
        AnswerGrammar other = toAsk.named(data, from, to);
        if (other != null) {
            become(other);
            scanner = JsonScanner.ofAnswers(other.paths(), other);
        }
    }

    // The first events are waited for, and in hardly any stream the second one is like the first, but like that of the
    // stream before.
    private boolean scan(byte[] data, int from, int to) {
        long place = facts().events() - 1;
        if (known != null && place < KnownShapes.PLACES) {
            return scanner.scanDocument(data, from, to, known, (int) place);
        }
        return place < WAITED_FOR ? scanner.scanUnknown(data, from, to) : scanner.scanDocument(data, from, to);
    }

    @Override
    public int endOfRepeat(byte[] data, int from, int to) {
        return grammar().mayRepeat() && !strays.isOpen() ? scanner.endOfRepeat(data, from, to) : -1;
    }

    @Override
    public void repeat(byte[] data, int from, int to) {
        facts().event();
        long characters = facts().textCharacters();
        scanner.showRepeat(data, from, to);
        grammar().repeated();
        judgeReplay(data, from, to, facts().textCharacters() - characters);
    }

    private void judgeReplay(byte[] data, int from, int to, long added) {
        if (added > 0 && !replayTold && repeats.event(data, from, to, added)) {
            replayed();
        }
    }

    private void replayed() {
        replayTold = true;
        found(Rule.STREAM_DUP_DELTA, repeats + ", " + grammar().after());
    }

    // All names are plain words; readers that go by them lose an event whose name is damaged.
    private void judgeName(byte[] name, int from, int to) {
        for (int i = from; i < to; i++) {
            if (name[i] < 0) {
                found(Rule.TEXT_UTF8, "in the name of event " + facts().events());
                return;
            }
        }
    }

    @Override
    public void stray(byte[] line, int from, int to) {
        strays.take(scanner, line, from, to);
    }

    private static boolean isDone(byte[] data, int from, int to) {
        int end = to;
        while (end > from && Framing.isBlank(data[end - 1])) {
            end--;
        }
        return Arrays.equals(data, from, end, DONE, 0, DONE.length);
    }

    private static boolean isDoneCut(byte[] data, int from, int to) {
        int size = to - from;
        return size < DONE.length && Arrays.equals(data, from, to, DONE, 0, size);
    }

    private void notJson(int size) {
        JsonError error = scanner.error();
        if (error == null) {
            return;
        }
        String where = "at byte " + scanner.errorOffset() + " of " + size + " in event " + facts().events();
        if (facts().isTerminated() && grammar().isTerminatorLast()) {
            found(Rule.STREAM_AFTER_TERMINATOR, "no JSON " + where); // Clients have stopped reading.
        } else if (pending && error == JsonError.TRUNCATED) {
            pending = false;
            found(Rule.STREAM_UNTERMINATED_EVENT, Rule.Severity.ERROR, "JSON cut " + where);
        } else {
            broken(error, where);
        }
    }

    @Override
    public void exception(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        facts().event();
        ErrorFields said = ErrorFields.of(new Buffer().write(data, from, to - from));
        grammar().exception(name, nameFrom, nameTo, said.values().getOrDefault(ErrorField.MESSAGE, ""));
    }

    @Override
    public void comment() {
        facts().comment();
    }

    @Override
    public void broken(FrameError error, long offset) {
        broken = true;
        facts().notTerminated();
        found(ruleFor(error), error + " at byte " + offset + ", " + grammar().after());
    }

    @Override
    boolean isLost() {
        return broken;
    }

    private static Rule ruleFor(FrameError error) {
        return switch (error) {
            case LINE_TOO_LONG, EVENT_TOO_LONG -> Rule.JSON_SIZE;
            case PRELUDE_CRC, MESSAGE_CRC, BAD_LENGTH, BAD_HEADERS -> Rule.STREAM_FRAME;
            case SYNTAX -> Rule.JSON_SYNTAX;
            case TRAILING -> Rule.JSON_TRAILING;
            case TRUNCATED -> Rule.STREAM_NO_TERMINATOR;
        };
    }
}
