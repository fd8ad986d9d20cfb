package dev.llmproxy.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Is one answer of a {@link ScriptedProvider}: what it says, how it is framed, and what goes wrong where.
 *
 * <pre>{@code
 * Reply.json(200, "{\"ok\":true}")
 * Reply.status(429).header("Retry-After", "2").body("slow down")
 * Reply.sse("{\"n\":1}", "{\"n\":2}", "[DONE]").afterEvent(2).reset()
 * Reply.json(200, body).chunked(1, 2, 4).gzip().atByte(10).stall()
 * Reply.none().afterRequest().cut()
 * }</pre>
 *
 * <p>The methods without a place change what the reply is; {@link #onConnect}, {@link #beforeRequest},
 * {@link #duringRequestBody}, {@link #afterRequest}, {@link #atWireByte}, {@link #atByte}, {@link #afterEvent},
 * {@link #atEnd} and {@link #onNextRequest} name a place, and the {@link Cue} that they return says what happens there.
 *
 * <p>The body is framed by its length, events by one chunk each, unless said otherwise. The framing header is added where
 * {@link #header} has not set one of that name. Immutable: every method returns a new reply.
 */
public final class Reply {
    private final Content content;
    private final List<Mark> marks;
    private final Effect last;
    private final boolean early;

    private Reply(Content content, List<Mark> marks, Effect last, boolean early) {
        this.content = content;
        this.marks = marks;
        this.last = last;
        this.early = early;
    }

    private static Reply of(Head head, Framing framing, Effect last, byte[]... events) {
        return new Reply(new Content(head, List.of(events), framing, Gzip.OFF), List.of(), last, false);
    }

    /** Returns an answer without a body. */
    public static Reply status(int status) {
        return of(Head.status(status), Framing.LENGTH, Player::goOn);
    }

    /** Returns an answer with a JSON body, as it stands: it need not be JSON. */
    public static Reply json(int status, String body) {
        return status(status).header("Content-Type", "application/json").body(body);
    }

    /** Returns an event stream of status 200 with one event for each of these data, which may have several lines. */
    public static Reply sse(String... data) {
        return stream(
                "text/event-stream",
                Stream.of(data)
                        .map(text -> "data: " + text.replace("\n", "\ndata: ") + "\n\n")
                        .toArray(String[]::new));
    }

    /** Returns a stream of status 200 with one line for each of these JSON values. */
    public static Reply ndjson(String... lines) {
        return stream(
                "application/x-ndjson",
                Stream.of(lines).map(line -> line + "\n").toArray(String[]::new));
    }

    /** Returns a stream of status 200 whose events are exactly these texts: named events, comments, damaged ones. */
    public static Reply stream(String contentType, String... events) {
        return of(
                Head.status(200).with("Content-Type: " + contentType),
                Framing.CHUNKED,
                Player::goOn,
                Stream.of(events)
                        .map(event -> event.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new));
    }

    /** Returns exactly these bytes (ISO-8859-1) instead of an HTTP response, and then the end of the connection. */
    public static Reply raw(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns exactly these bytes instead of an HTTP response, and then the end of the connection. */
    public static Reply raw(byte[] bytes) {
        return of(Head.NONE, Framing.CLOSE, Player::goOn, bytes.clone());
    }

    /** Returns no answer: reads the request and stays silent, unless a cue ends the connection before. */
    public static Reply none() {
        return of(Head.NONE, Framing.CLOSE, Player::stall);
    }

    /** Returns an HTTP proxy's consent to {@code CONNECT}, and relays bytes to and from the target that the client asked for. */
    public static Reply tunnel() {
        return of(Head.status(200), Framing.NONE, Player::tunnel);
    }

    /** Returns an HTTP proxy's consent to {@code CONNECT}, and relays to this port of 127.0.0.1, whatever was asked for. */
    public static Reply tunnelTo(int port) {
        return of(Head.status(200), Framing.NONE, player -> player.tunnelTo("127.0.0.1", port));
    }

    /** Sets a header, in place of any of the same name, also of those that are added automatically. */
    public Reply header(String name, String value) {
        return with(content.head().without(name).with(name + ": " + value));
    }

    /** Adds a header, also where there is one of the same name. */
    public Reply addHeader(String name, String value) {
        return with(content.head().with(name + ": " + value));
    }

    /** Adds a header line as it stands, however damaged it is. */
    public Reply headerLine(String line) {
        return with(content.head().with(line));
    }

    /** Removes the headers of this name. */
    public Reply withoutHeader(String name) {
        return with(content.head().without(name));
    }

    /** Replaces the whole status line, such as {@code HTTP/1.1 200 Scripted}, by one that may be damaged. */
    public Reply statusLine(String line) {
        return with(content.head().statusLine(line));
    }

    /** Sends an informational response such as 103 before this one, with these header lines. */
    public Reply informational(int status, String... headerLines) {
        Head first = new Head(List.of(), Head.status(status).statusLine(), List.of(headerLines));
        return with(content.head().after(new String(first.bytes(), StandardCharsets.ISO_8859_1)));
    }

    /** Sets the body, as UTF-8. */
    public Reply body(String body) {
        return body(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Sets the body. */
    public Reply body(byte[] body) {
        return with(content.events(List.of(body.clone())));
    }

    /** Replaces a text wherever it stands in the body, within one event. */
    public Reply replace(String text, String other) {
        List<byte[]> events = content.events().stream()
                .map(event -> latin(event).replace(latin(text), latin(other)).getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        return with(content.events(events));
    }

    private static String latin(String text) {
        return latin(text.getBytes(StandardCharsets.UTF_8));
    }

    // Byte for byte: a body need not be text.
    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Sends the body in chunks of these sizes and the rest in one more; without sizes, in one chunk for each event. */
    public Reply chunked(int... sizes) {
        return with(content.framing().chunked(sizes));
    }

    /** Sends the body in chunks without the last, empty one, and closes. */
    public Reply withoutLastChunk() {
        return with(content.framing().withoutLastChunk());
    }

    /** Sends the body in chunks, with a size that is no number before the chunk of this index, from 0, and closes. */
    public Reply badChunk(int index) {
        return with(content.framing().badChunk(index));
    }

    /** Sends the body without a length: it ends with the connection. */
    public Reply closeDelimited() {
        return with(Framing.CLOSE);
    }

    /** Compresses the body and says so; each event can be decompressed as soon as it arrives. */
    public Reply gzip() {
        return with(content.gzip(Gzip.SOUND));
    }

    /** Compresses the body, with a wrong checksum at its end. */
    public Reply damagedGzip() {
        return with(content.gzip(Gzip.DAMAGED));
    }

    /** Compresses the body and leaves out the end of it; the framing is sound. */
    public Reply truncatedGzip() {
        return with(content.gzip(Gzip.TRUNCATED));
    }

    /** Pauses before every event but the first. */
    public Reply eventsEvery(Duration pause) {
        Reply paced = this;
        for (int event = 1; event < content.events().size(); event++) {
            paced = paced.afterEvent(event).pause(pause);
        }
        return paced;
    }

    /** Answers as soon as the head of the request is read, does not read its body, and closes. */
    public Reply withoutReadingBody() {
        return new Reply(content, marks, last, true);
    }

    /**
     * Names the moment in which the client has connected, before any TLS handshake and before anything is read. Nothing
     * happens where a connection is used again.
     */
    public Cue onConnect() {
        return new Cue(this, Moment.CONNECT, 0);
    }

    /** Names the moment in which the first byte of the request has come. */
    public Cue beforeRequest() {
        return new Cue(this, Moment.REQUEST_START, 0);
    }

    /** Names the moment in which this many bytes of the request's body are read; 0 is the end of its head. */
    public Cue duringRequestBody(long bytes) {
        return new Cue(this, Moment.REQUEST_BODY, bytes);
    }

    /** Names the moment in which the whole request is read and nothing of the answer is sent. */
    public Cue afterRequest() {
        return atWireByte(0);
    }

    /** Names the place after this many bytes of the answer: status line, headers, framing and body all count. */
    public Cue atWireByte(long bytes) {
        return new Cue(this, Moment.WIRE_BYTE, bytes);
    }

    /** Names the place after this many bytes of the body, counted as compressed and without framing; 0 is after the head. */
    public Cue atByte(long bytes) {
        return new Cue(this, Moment.BODY_BYTE, bytes);
    }

    /** Names the place after this many whole events; 0 is after the head. */
    public Cue afterEvent(int events) {
        return new Cue(this, Moment.EVENT, events);
    }

    /** Names the place after the last byte of the answer. */
    public Cue atEnd() {
        return new Cue(this, Moment.END, 0);
    }

    /** Names the moment in which the first byte of the next request comes on the connection of this answer. */
    public Cue onNextRequest() {
        return new Cue(this, Moment.NEXT_REQUEST, 0);
    }

    Reply with(Mark mark) {
        List<Mark> more = new ArrayList<>(marks);
        more.add(mark);
        return new Reply(content, List.copyOf(more), last, early);
    }

    private Reply with(Content other) {
        return new Reply(other, marks, last, early);
    }

    private Reply with(Head head) {
        if (content.head().equals(Head.NONE)) {
            throw new IllegalStateException("header: not sent (expected: a reply with a head, neither raw nor none)");
        }
        return with(content.head(head));
    }

    private Reply with(Framing framing) {
        return with(content.framing(framing));
    }

    Content content() {
        return content;
    }

    /** Returns what happens when the answer is out. */
    Effect last() {
        return last;
    }

    /** Returns whether the request's body is left unread. */
    boolean early() {
        return early;
    }

    /** Returns the first moment in which something happens. */
    Moment begins() {
        return marks.stream().map(Mark::moment).min(Comparator.naturalOrder()).orElse(Moment.END);
    }

    /** Returns the marks of this moment, in the order of their places. */
    List<Mark> marks(Moment moment) {
        return marks.stream()
                .filter(mark -> mark.moment() == moment)
                .sorted(Comparator.comparingLong(Mark::offset))
                .toList();
    }

    /** Returns the marks in the answer, in the order of their places. */
    List<Mark> marks(Wire wire) {
        return marks.stream()
                .filter(mark -> mark.moment().inAnswer())
                .sorted(Comparator.comparingInt(wire::offset))
                .toList();
    }

    /** Returns this if each of its cues is within it. */
    Reply checked() {
        Wire wire = content.wire();
        marks.stream().filter(mark -> mark.moment().inAnswer()).forEach(wire::offset);
        return this;
    }

    /** Returns this if it can answer a request that was read whole. */
    Reply checkedForFunction() {
        for (Mark mark : marks) {
            if (!mark.moment().inAnswer() && mark.moment() != Moment.NEXT_REQUEST) {
                throw new IllegalArgumentException(
                        mark.moment() + " (expected: a moment after the request, in the reply of a function)");
            }
        }
        return checked();
    }

    /** Returns the status line and the cues, for messages. */
    @Override
    public String toString() {
        return Stream.concat(
                        Stream.of(content.head().statusLine()), marks.stream().map(Mark::toString))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
