package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.wire.EventStreamFrames;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonArrayFrames;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.SseFrames;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer whose form is not known before its first bytes: a document, a stream of one framing or another, a web
 * page. Content types lie, so the bytes decide. For one thread.
 */
public final class AnswerScan {
    private static final byte GZIP = 0x1f;
    private static final byte GZIP_NEXT = (byte) 0x8b;

    private AnswerFormat format;
    private final LlmHeaders headers;
    private final boolean streamAsked;
    private final int maxLineBytes;
    private final int maxEventBytes;
    private final Findings findings;
    private final ContentEncoding encoding;
    private final AnswerFacts facts = new AnswerFacts();
    private @Nullable AnswerReader reader;
    private @Nullable Beginning beginning;
    private boolean unreadable;
    private boolean blind;
    private boolean streamed;
    private boolean ended;
    private boolean magicBegun;
    private int markBytes;
    private boolean isMarkOver;
    private boolean otherForm;
    private AnswerContent content = AnswerContent.NONE;

    /**
     * Constructs the reading of one answer.
     *
     * @param format what is expected
     * @param headers the headers of the answer
     * @param streamAsked whether the request asked for a stream
     * @param maxLineBytes the longest line of a stream
     * @param maxEventBytes the longest event of a stream
     * @param findings takes what is wrong
     */
    public AnswerScan(
            AnswerFormat format,
            LlmHeaders headers,
            boolean streamAsked,
            int maxLineBytes,
            int maxEventBytes,
            Findings findings) {
        this.format = format;
        this.headers = headers;
        this.streamAsked = streamAsked;
        this.maxLineBytes = maxLineBytes;
        this.maxEventBytes = maxEventBytes;
        this.findings = findings;
        this.encoding = new ContentEncoding(headers, format, findings);
    }

    /**
     * Has all that the answer says collected while it passes. To be called before anything is read.
     *
     * <p>Of an answer with several choices only the first is collected, of more than 1024 tool calls the rest is left out.
     */
    public void collectAll() {
        content = AnswerContent.all();
    }

    /** Has the names of the tools that are called collected. To be called before anything is read. */
    public void collectToolNames() {
        content = AnswerContent.toolNames();
    }

    /**
     * Takes which encodings the application has asked for and so decodes itself. To be called before anything is read; if it
     * is not, that may be any.
     *
     * @param encodings the {@code Accept-Encoding} of its request, empty where it has none
     */
    public void accepts(String encodings) {
        encoding.accepts(encodings);
    }

    /**
     * Reads a piece of the answer.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public void feed(byte[] data, int from, int to) {
        if (reader != null) {
            reader.feed(data, from, to);
        } else if (!unreadable) {
            begin(data, from, to);
        }
    }

    private void begin(byte[] data, int from, int to) {
        int start = beginning == null && !magicBegun ? skipBlanks(data, from, to) : from;
        if (start == to) {
            return;
        }
        if (beginning != null) {
            keep(beginning, data, start, to);
        } else if (magicBegun) {
            endMagic(data, start, to);
        } else if (encoding.hides(data[start])) {
            unreadable = true;
            blind = true;
        } else if (data[start] == '{') {
            beginObject(data, start, to);
        } else if (data[start] == GZIP) {
            magicBegun = true;
            begin(data, start + 1, to);
        } else {
            read(readerOf(data[start]), data, start, to);
        }
    }

    // Two bytes say that what comes is compressed; the first one alone is a control character, and that is no JSON.
    private void endMagic(byte[] data, int from, int to) {
        magicBegun = false;
        if (from < to && data[from] == GZIP_NEXT) {
            unreadable = true;
            findings.found(Rule.TRANSPORT_GZIP, "compressed bytes without a Content-Encoding");
        } else {
            read(document(), new byte[] {GZIP}, 0, 1);
            readOn(data, from, to);
        }
    }

    // What the object calls itself may come with the next bytes.
    private void beginObject(byte[] data, int from, int to) {
        boolean lines = isOfLines();
        if (ObjectMark.isSettled(data, from, to, lines)) {
            read(objectReader(data, from, to, lines), data, from, to);
        } else {
            beginning = new Beginning(lines);
            keep(beginning, data, from, to);
        }
    }

    private void keep(Beginning kept, byte[] data, int from, int to) {
        int rest = kept.add(data, from, to);
        if (kept.isSettled()) {
            readKept(kept);
            readOn(data, rest, to);
        }
    }

    private void readKept(Beginning kept) {
        read(objectReader(kept.bytes(), 0, kept.size(), kept.isLine()), kept.bytes(), 0, kept.size());
        beginning = null;
    }

    private void read(@Nullable AnswerReader by, byte[] data, int from, int to) {
        reader = by;
        if (by != null) {
            // Whether it is one, and what it means, is a matter of the form.
            by.feed(Marks.UTF_8, 0, markBytes);
            markBytes = 0;
            if (from < to && data[from] < 0) {
                by.feed(Marks.BLANK, 0, 1); // Something stood before it, so it begins no mark and ends none.
            }
            by.feed(data, from, to);
        }
    }

    private void readOn(byte[] data, int from, int to) {
        if (reader != null && from < to) {
            reader.feed(data, from, to);
        }
    }

    // Servers send blank lines to keep a connection alive, before the answer as well.
    private int skipBlanks(byte[] data, int from, int to) {
        int i = from;
        while (i < to && (isMark(data[i]) || Framing.isBlank(data[i]))) {
            i++;
        }
        return i;
    }

    // The bytes of a byte order mark, one after the other, and nothing before them.
    private boolean isMark(byte b) {
        boolean next = !isMarkOver && markBytes < Marks.UTF_8.length && b == Marks.UTF_8[markBytes];
        markBytes += next ? 1 : 0;
        isMarkOver = !next;
        return next;
    }

    private @Nullable AnswerReader readerOf(byte first) {
        return switch (first) {
            case '[' -> format.isArrayStream() ? events(this::array) : document();
            case '<' -> page();
            case 0 -> format.isBinaryStream() ? events(this::binary) : document();
            default -> contentType().contains("event-stream") || isEventField(first) ? namedEvents() : document();
        };
    }

    private AnswerReader objectReader(byte[] data, int from, int to, boolean lines) {
        AnswerFormat named = format.namedIn(data, from, ObjectMark.end(data, from, to, lines));
        boolean known = named == format;
        format = named;
        return (known ? lines : isOfLines()) ? events(this::lines) : document();
    }

    private boolean isOfLines() {
        String type = contentType();
        return type.contains("ndjson") || type.contains("stream+json") || (format.isLineStream() && streamAsked);
    }

    static boolean isEventField(byte first) {
        return first == ':' || first == 'd' || first == 'e' || first == 'i' || first == 'r';
    }

    private AnswerReader document() {
        return new DocumentReader(format.grammar(false, facts, findings, content), findings);
    }

    private EventReader events(Function<FrameSink, Frames> framing) {
        streamed = true;
        return new EventReader(framing, format.grammar(true, facts, findings, content), findings);
    }

    private AnswerReader namedEvents() {
        EventReader events = events(this::sse);
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
        otherForm = streamAsked && format.isEventStream();
        return new NdjsonFrames(sink, maxEventBytes);
    }

    private Frames array(FrameSink sink) {
        otherForm = streamAsked && format.isEventStream();
        return new JsonArrayFrames(sink, maxEventBytes);
    }

    private Frames binary(FrameSink sink) {
        return new EventStreamFrames(sink, maxEventBytes);
    }

    private @Nullable AnswerReader page() {
        unreadable = true;
        findings.found(Rule.TRANSPORT_HTML, "Content-Type " + Redaction.of(contentType()));
        return null;
    }

    private String contentType() {
        return headers.get("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    }

    /** Ends the answer: the body is exhausted. Not to be called for a body that broke or was closed. */
    public void end() {
        ended = true;
        if (beginning != null) {
            readKept(beginning);
        } else if (magicBegun) {
            endMagic(new byte[0], 0, 0);
        }
        if (reader != null) {
            reader.end();
            judgeForm();
        } else if (!unreadable) {
            findings.found(Rule.TRANSPORT_EMPTY, "no byte but blanks");
        }
    }

    // Not before the end: an error that came in place of a stream says more.
    private void judgeForm() {
        if (streamAsked && !streamed && facts.error().isEmpty()) {
            findings.found(
                    Rule.TRANSPORT_CONTENT_TYPE, Rule.Severity.ERROR, "a plain answer where a stream was asked for");
        } else if (otherForm && facts.error().isEmpty()) {
            findings.found(
                    Rule.TRANSPORT_CONTENT_TYPE,
                    Rule.Severity.ERROR,
                    "a stream without server-sent events, which were asked for");
        } else if (streamed && !streamAsked && facts.error().isEmpty()) {
            findings.found(Rule.TRANSPORT_CONTENT_TYPE, "a stream where a plain answer was asked for");
        }
    }

    /**
     * Says whether the answer came as a stream.
     *
     * @return whether it is made of events; false as long as nothing has come
     */
    public boolean isStreamed() {
        return streamed;
    }

    /**
     * Says whether what comes cannot be read, because it is compressed or no answer at all.
     *
     * @return whether the facts say nothing
     */
    public boolean isUnreadable() {
        return unreadable;
    }

    /**
     * Says whether what came is worth handing on: content of a stream, anything of what cannot be read, the whole of
     * anything else.
     *
     * @return whether a stream has begun to say something, or the answer has ended
     */
    public boolean hasSubstance() {
        return ended || blind || (streamed && !otherForm && facts.isPayloadSeen());
    }

    /**
     * Says whether the answer is whole.
     *
     * @return whether a stream has sent its terminator, or the answer has ended, or it cannot be read
     */
    public boolean isComplete() {
        return ended || blind || (streamed && facts.isTerminated());
    }

    /**
     * Says whether a stream is whole even if its connection breaks now.
     *
     * @return whether a stream has sent what can be nothing but its terminator
     */
    public boolean isSurelyTerminated() {
        return streamed
                && facts.isTerminated()
                && reader != null
                && reader.grammar().isTerminatorSure();
    }

    /**
     * Says whether nothing of the answer is to come.
     *
     * @return whether a stream has sent its terminator in a format where that is the last, or the answer has ended
     */
    public boolean isSaid() {
        return ended || (reader != null && isComplete() && reader.grammar().isTerminatorLast());
    }

    /**
     * Returns the text for the reader, all its parts joined, without reasoning.
     *
     * @return the text as far as it was collected, built anew each time
     */
    public String text() {
        return content.text();
    }

    /**
     * Returns the words in which the model refused, where the format tells them from text.
     *
     * @return the refusal as far as it was collected, empty where there is none
     */
    public String refusal() {
        return content.refusal();
    }

    /**
     * Returns the calls of the application's tools.
     *
     * @return the calls in their order as far as they were collected
     */
    public List<AnswerFacts.ToolCall> toolCalls() {
        return content.toolCalls();
    }

    /**
     * Returns the names of the application's tools that are called.
     *
     * @return the names in the order of the calls as far as they were collected
     */
    public List<String> calledTools() {
        return content.calledTools();
    }

    /**
     * Returns what the answer says of itself.
     *
     * @return the facts, which grow with the answer
     */
    public AnswerFacts facts() {
        return facts;
    }

    private static final class Marks {
        static final byte[] UTF_8 = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        static final byte[] BLANK = {'\n'};
    }
}
