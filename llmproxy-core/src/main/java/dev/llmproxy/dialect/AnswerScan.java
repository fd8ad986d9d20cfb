package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.wire.EventStreamFrames;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonArrayFrames;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.SseFrames;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer whose form is not known before its first bytes: a document, a stream of one framing or another, a web
 * page. Content types lie, so the bytes decide. For one thread.
 */
public final class AnswerScan {
    private AnswerFormat format;
    private final LlmHeaders headers;
    private final boolean streamAsked;
    private final int maxLineBytes;
    private final int maxEventBytes;
    private final Findings findings;
    private final AnswerFacts facts = new AnswerFacts();
    private @Nullable AnswerReader reader;
    private boolean unreadable;
    private boolean streamed;
    private boolean ended;
    private int markBytes;

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
    }

    /**
     * Reads a piece of the answer.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public void feed(byte[] data, int from, int to) {
        int start = reader == null ? skipBlanks(data, from, to) : from;
        if (start == to || unreadable) {
            return;
        }
        if (reader == null) {
            format = format.namedIn(data, start, to);
            reader = readerOf(data[start]);
        }
        if (reader != null) {
            reader.feed(data, start, to);
        }
    }

    // Servers send blank lines to keep a connection alive, before the answer as well.
    private int skipBlanks(byte[] data, int from, int to) {
        int i = from;
        while (i < to && (Framing.isBlank(data[i]) || isMark(data[i]))) {
            i++;
        }
        return i;
    }

    // The bytes of a byte order mark, one after the other.
    private boolean isMark(byte b) {
        boolean next = markBytes < Marks.UTF_8.length && b == Marks.UTF_8[markBytes];
        markBytes += next ? 1 : 0;
        return next;
    }

    private @Nullable AnswerReader readerOf(byte first) {
        return switch (first) {
            case '{' -> object();
            case '[' -> format.isArrayStream() ? events(this::array) : document();
            case '<' -> page();
            case 0 -> format.isBinaryStream() ? events(this::binary) : document();
            case 0x1f -> compressed();
            default -> contentType().contains("event-stream") || isEventField(first) ? events(this::sse) : document();
        };
    }

    private AnswerReader object() {
        String type = contentType();
        boolean lines =
                type.contains("ndjson") || type.contains("stream+json") || (format.isLineStream() && streamAsked);
        return lines ? events(this::lines) : document();
    }

    private static boolean isEventField(byte first) {
        return first == ':' || first == 'd' || first == 'e' || first == 'i' || first == 'r';
    }

    private AnswerReader document() {
        if (markBytes == Marks.UTF_8.length) {
            findings.found(Rule.TRANSPORT_BOM, "before the answer");
        }
        AnswerReader document = new DocumentReader(format.grammar(false, facts, findings), findings);
        if (streamAsked && !format.isArrayStream()) {
            findings.found(
                    Rule.TRANSPORT_CONTENT_TYPE, Rule.Severity.WARNING, "a plain answer where a stream was asked for");
        }
        return document;
    }

    private AnswerReader events(Function<FrameSink, Frames> framing) {
        streamed = true;
        return new EventReader(framing, format.grammar(true, facts, findings), findings);
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
        unreadable = true;
        findings.found(Rule.TRANSPORT_HTML, "Content-Type " + Redaction.of(contentType()));
        return null;
    }

    // The application asked for the encoding itself, and decodes it itself; or nobody did.
    private @Nullable AnswerReader compressed() {
        unreadable = true;
        if (!headers.contains("Content-Encoding")) {
            findings.found(Rule.TRANSPORT_GZIP, "compressed bytes without a Content-Encoding");
        }
        return null;
    }

    private String contentType() {
        return headers.get("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    }

    /** Ends the answer: the body is exhausted. Not to be called for a body that broke or was closed. */
    public void end() {
        ended = true;
        if (reader != null) {
            reader.end();
        } else if (!unreadable) {
            findings.found(Rule.TRANSPORT_EMPTY, "no byte but blanks");
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
     * Says whether what came is worth handing on: content of a stream, the whole of anything else.
     *
     * @return whether a stream has begun to say something, or the answer has ended
     */
    public boolean hasSubstance() {
        return ended || (streamed && facts.isPayloadSeen());
    }

    /**
     * Says whether the answer is whole.
     *
     * @return whether a stream has sent its terminator, or the answer has ended
     */
    public boolean isComplete() {
        return ended || (streamed && facts.isTerminated());
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
    }
}
