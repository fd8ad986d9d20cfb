package dev.llmproxy.dialect;

import dev.llmproxy.wire.FrameError;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonError;
import dev.llmproxy.wire.JsonScanner;
import dev.llmproxy.wire.SseFrames;
import java.util.Arrays;
import java.util.function.Function;

/** Reads a streamed answer: events that are one JSON text each. */
final class EventReader extends AnswerReader implements FrameSink {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final Frames frames;
    private final JsonScanner scanner;
    private final EventRepeats repeats = new EventRepeats();
    private boolean replayTold;
    private boolean pending;
    private boolean broken;

    EventReader(Function<FrameSink, Frames> framing, AnswerGrammar grammar, Findings findings) {
        super(grammar, findings);
        this.scanner = new JsonScanner(grammar.paths(), grammar);
        this.frames = framing.apply(this);
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
        if (from == to) {
            facts().comment();
            return;
        }
        facts().event();
        if (isDone(data, from, to)) {
            grammar().done();
            return;
        }
        grammar().eventStart(name, nameFrom, nameTo);
        long characters = facts().textCharacters();
        if (scanner.scanDocument(data, from, to)) {
            grammar().eventEnd();
            long added = facts().textCharacters() - characters;
            if (added > 0 && !replayTold && repeats.event(data, from, to, added)) {
                replayed();
            }
        } else {
            notJson(to - from);
        }
    }

    private void replayed() {
        replayTold = true;
        found(Rule.STREAM_DUP_DELTA, repeats + ", " + grammar().after());
    }

    private static boolean isDone(byte[] data, int from, int to) {
        return Arrays.equals(data, from, to, DONE, 0, DONE.length);
    }

    private void notJson(int size) {
        JsonError error = scanner.error();
        if (error == null) {
            return;
        }
        String where = "at byte " + scanner.errorOffset() + " of " + size + " in event " + facts().events();
        if (pending && error == JsonError.TRUNCATED) {
            pending = false;
            found(Rule.STREAM_UNTERMINATED_EVENT, Rule.Severity.ERROR, "JSON cut " + where);
        } else {
            broken(error, where);
        }
    }

    @Override
    public void exception(byte[] name, int nameFrom, int nameTo, byte[] data, int from, int to) {
        facts().event();
        grammar().exception(name, nameFrom, nameTo);
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
