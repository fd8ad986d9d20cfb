package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.wire.EventStreamFrames;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonArrayFrames;
import dev.llmproxy.wire.KnownShapes;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.SseFrames;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The forms that an answer may have: a document, a stream of one framing or another, a web page. Makes the reader of the one
 * that it turns out to have, and says whether that is the one that was asked for.
 */
final class AnswerForms {
    private final boolean streamAsked;
    private final int maxLineBytes;
    private final int maxEventBytes;
    private final AnswerFacts facts;
    private final Findings findings;
    private LlmHeaders headers = LlmHeaders.empty();
    private AnswerFormat format;
    private AnswerContent content = AnswerContent.NONE;
    private @Nullable KnownShapes known;
    // Of the form and the format that are expected.
    private @Nullable AnswerReader prepared;
    private boolean streamed;
    private boolean other;
    private SaidForm form = SaidForm.DOCUMENT;
    private @Nullable SaidForm said;
    // What is wrong with an answer in a form that was not asked for.
    private @Nullable LaterFindings later;

    AnswerForms(
            AnswerFormat format,
            boolean streamAsked,
            int maxLineBytes,
            int maxEventBytes,
            AnswerFacts facts,
            Findings findings) {
        this.format = format;
        this.streamAsked = streamAsked;
        this.maxLineBytes = maxLineBytes;
        this.maxEventBytes = maxEventBytes;
        this.facts = facts;
        this.findings = findings;
    }

    void collect(AnswerContent collected) {
        content = collected;
    }

    void compare(KnownShapes others) {
        known = others;
    }

    /** Takes the headers of the answer. */
    void answered(LlmHeaders said) {
        headers = said;
    }

    /** Makes the reader of the form that is asked for. */
    void prepare() {
        if (areEventsAsked()) {
            prepared = eventReader();
        } else if (!streamAsked) {
            prepared = documentReader(findings);
        }
    }

    AnswerContent content() {
        return content;
    }

    /** Says whether the answer is made of events. */
    boolean isStreamed() {
        return streamed;
    }

    /** Says whether it is made of events in another framing than was asked for. */
    boolean isOther() {
        return other;
    }

    /** Returns the reader of an answer that begins so and not as an object, or null for a web page. */
    @Nullable
    AnswerReader of(byte first) {
        return switch (first) {
            case '[' ->
                format.isArrayStream() || areEventsAsked() ? ofOther(this::array, SaidForm.DOCUMENT) : document();
            case '<' -> page();
            case 0 -> format.isBinaryStream() ? events(this::binary, SaidForm.FRAMES, findings) : document();
            default -> said() == SaidForm.EVENTS || isEventField(first) ? namedEvents() : document();
        };
    }

    /**
     * Returns the reader of an answer that begins as an object.
     *
     * @param lines whether each line is one
     */
    AnswerReader ofObject(byte[] data, int from, int to, boolean lines) {
        AnswerFormat named = format.namedIn(data, from, ObjectMark.end(data, from, to, lines));
        boolean known = named == format;
        if (!known) {
            format = named;
            prepared = null;
        }
        return (known ? lines : areLines()) ? ofOther(this::lines, SaidForm.LINES) : document();
    }

    /** Says whether each line of an object would be one. */
    boolean areLines() {
        return said() == SaidForm.LINES || (format.isLineStream() && streamAsked);
    }

    static boolean isEventField(byte first) {
        return first == ':' || first == 'd' || first == 'e' || first == 'i' || first == 'r';
    }

    private boolean areEventsAsked() {
        return streamAsked && format.isEventStream();
    }

    AnswerReader document() {
        return prepared instanceof DocumentReader ready ? ready : documentReader(streamAsked ? later() : findings);
    }

    private AnswerReader documentReader(Findings kept) {
        return new DocumentReader(format.grammar(false, facts, kept, content), findings, streamAsked);
    }

    private Findings later() {
        later = new LaterFindings(findings);
        return later;
    }

    private EventReader ofOther(Function<FrameSink, Frames> framing, SaidForm found) {
        other = areEventsAsked();
        return events(framing, found, other ? later() : findings);
    }

    private EventReader events(Function<FrameSink, Frames> framing, SaidForm found, Findings kept) {
        begin(found);
        return eventReader(framing, kept);
    }

    private void begin(SaidForm found) {
        streamed = true;
        form = found;
        if (streamAsked && !other) {
            judgeType(); // At once: clients that go by the type alone read nothing.
        }
    }

    private EventReader eventReader(Function<FrameSink, Frames> framing, Findings kept) {
        EventReader events = new EventReader(framing, format.grammar(true, facts, kept, content), kept);
        if (known != null) {
            events.compare(known);
        }
        return events;
    }

    private AnswerReader namedEvents() {
        begin(SaidForm.EVENTS);
        return prepared instanceof EventReader ready ? ready : eventReader();
    }

    private EventReader eventReader() {
        EventReader events = eventReader(this::sse, findings);
        events.ask(this::named);
        return events;
    }

    private @Nullable AnswerGrammar named(byte[] event, int from, int to) {
        AnswerFormat named = format.namedIn(event, from, to);
        boolean known = named == format;
        format = named;
        return known ? null : named.grammar(true, facts, findings, content);
    }

    private Frames sse(FrameSink sink) {
        return new SseFrames(sink, maxLineBytes, maxEventBytes);
    }

    private Frames lines(FrameSink sink) {
        return new NdjsonFrames(sink, maxEventBytes);
    }

    private Frames array(FrameSink sink) {
        return new JsonArrayFrames(sink, maxEventBytes);
    }

    private Frames binary(FrameSink sink) {
        return new EventStreamFrames(sink, maxEventBytes);
    }

    private @Nullable AnswerReader page() {
        findings.found(Rule.TRANSPORT_HTML, "Content-Type " + Redaction.of(findings.told(contentType())));
        return null;
    }

    private SaidForm said() {
        SaidForm known = said;
        if (known == null) {
            known = SaidForm.of(contentType());
            said = known;
        }
        return known;
    }

    private String contentType() {
        return headers.get("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    }

    /** Judges the form. Not before the end: an error that came in place of a stream says more. */
    void judge() {
        judgeForm();
        if (later != null) {
            later.tell();
        }
    }

    private void judgeForm() {
        if (facts.error().isPresent()) {
            return;
        }
        if (!streamAsked && !streamed) {
            judgeType();
        } else if (!streamAsked) {
            findings.found(Rule.TRANSPORT_CONTENT_TYPE, "a stream where a plain answer was asked for");
        } else if (!streamed || other) {
            findings.found(
                    Rule.TRANSPORT_CONTENT_TYPE,
                    Rule.Severity.ERROR,
                    streamed
                            ? "a stream without server-sent events, which were asked for"
                            : "a plain answer where a stream was asked for");
        }
    }

    // It is read as what it is.
    private void judgeType() {
        SaidForm said = said();
        if (said != SaidForm.ANY && said != form) {
            findings.found(Rule.TRANSPORT_CONTENT_TYPE, form + " that calls itself " + said);
        }
    }

    @Override
    public String toString() {
        return streamed ? "stream" : "document";
    }
}
