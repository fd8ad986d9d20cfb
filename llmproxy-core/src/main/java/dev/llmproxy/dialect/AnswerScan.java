package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.wire.KnownShapes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer whose form is not known before its first bytes: a document, a stream of one framing or another, a web
 * page. Content types lie, so the bytes decide. For one thread.
 */
public final class AnswerScan {
    private final AnswerFacts facts = new AnswerFacts();
    private final Findings findings;
    private final ContentEncoding encoding;
    private final AnswerForms forms;
    private final AnswerStart start;
    private final AnswerFormat format;
    private @Nullable AnswerReader reader;
    private boolean ended;

    /**
     * Constructs the reading of one answer.
     *
     * @param format what is expected
     * @param streamAsked whether the request asked for a stream
     * @param maxLineBytes the longest line of a stream
     * @param maxEventBytes the longest event of a stream
     * @param findings takes what is wrong
     */
    public AnswerScan(
            AnswerFormat format, boolean streamAsked, int maxLineBytes, int maxEventBytes, Findings findings) {
        this.format = format;
        this.findings = findings;
        this.encoding = new ContentEncoding(format, findings);
        this.forms = new AnswerForms(format, streamAsked, maxLineBytes, maxEventBytes, facts, findings);
        this.start = new AnswerStart(forms, encoding, findings);
    }

    /**
     * Has all that the answer says collected while it passes. To be called before anything is read.
     *
     * <p>Of an answer with several choices only the first is collected, of more than 1024 tool calls the rest is left out.
     */
    public void collectAll() {
        forms.collect(AnswerContent.all());
    }

    /** Has the names of the tools that are called collected. To be called before anything is read. */
    public void collectToolNames() {
        forms.collect(AnswerContent.toolNames());
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
     * Has the first events of a stream compared with those of other streams, which is faster where they are alike. To be
     * called before anything is read.
     *
     * @param others knows the other streams, of the same server at best
     */
    public void compare(KnownShapes others) {
        forms.compare(others);
    }

    /**
     * Makes ready to read an answer of the form that is asked for. To be called before anything is read, and after what is
     * to be collected and compared is known.
     */
    public void prepare() {
        forms.prepare();
    }

    /**
     * Takes the headers of the answer. To be called before anything is read; if it is not, it has none.
     *
     * @param headers the headers
     */
    public void answered(LlmHeaders headers) {
        encoding.answered(headers);
        forms.answered(headers);
        format.readCounts(headers, facts);
    }

    /**
     * Reads a piece of the answer.
     *
     * @param data the array with the piece; not kept
     * @param from where the piece begins
     * @param to where it ends
     */
    public void feed(byte[] data, int from, int to) {
        if (reader == null) {
            reader = start.feed(data, from, to);
        } else {
            reader.feed(data, from, to);
        }
    }

    /** Ends the answer: the body is exhausted. Not to be called for a body that broke or was closed. */
    public void end() {
        ended = true;
        if (reader == null) {
            reader = start.end();
        }
        if (reader != null) {
            reader.end();
            forms.judge();
        } else if (!start.isUnreadable()) {
            findings.found(Rule.TRANSPORT_EMPTY, "no byte but blanks");
        }
    }

    /**
     * Says whether the answer came as a stream.
     *
     * @return whether it is made of events; false as long as nothing has come
     */
    public boolean isStreamed() {
        return forms.isStreamed();
    }

    /**
     * Says whether what comes cannot be read, because it is compressed, no answer at all, or of broken frames.
     *
     * @return whether the facts say nothing of it
     */
    public boolean isUnreadable() {
        return start.isUnreadable() || isLost();
    }

    // Who was told of it and reads on all the same waits for every byte, and may stop at any. Of another form than was
    // asked for it is told at the end.
    private boolean isLost() {
        return reader != null && reader.isLost() && !forms.isOther();
    }

    /**
     * Says whether what came is worth handing on: content of a stream, anything of what cannot be read, the whole of
     * anything else.
     *
     * @return whether a stream has begun to say something, or the answer has ended
     */
    public boolean hasSubstance() {
        return ended || start.isBlind() || isLost() || (isStreamed() && !forms.isOther() && facts.isPayloadSeen());
    }

    /**
     * Says whether the answer is whole.
     *
     * @return whether a stream has sent its terminator, or the answer has ended, or it cannot be read
     */
    public boolean isComplete() {
        return ended || start.isBlind() || isLost() || (isStreamed() && facts.isTerminated());
    }

    /**
     * Says whether a stream is whole even if its connection breaks now.
     *
     * @return whether a stream has sent what can be nothing but its terminator
     */
    public boolean isSurelyTerminated() {
        return isStreamed()
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
        return ended
                || (reader != null
                        && !isLost()
                        && isComplete()
                        && reader.grammar().isTerminatorLast());
    }

    /**
     * Returns the text for the reader, all its parts joined, without reasoning.
     *
     * @return the text as far as it was collected, built anew each time
     */
    public String text() {
        return forms.content().text();
    }

    /**
     * Returns the words in which the model refused, where the format tells them from text.
     *
     * @return the refusal as far as it was collected, empty where there is none
     */
    public String refusal() {
        return forms.content().refusal();
    }

    /**
     * Returns the calls of the application's tools.
     *
     * @return the calls in their order as far as they were collected
     */
    public List<AnswerFacts.ToolCall> toolCalls() {
        return forms.content().toolCalls();
    }

    /**
     * Returns the names of the application's tools that are called.
     *
     * @return the names in the order of the calls as far as they were collected
     */
    public List<String> calledTools() {
        return forms.content().calledTools();
    }

    /**
     * Returns what the answer says of itself.
     *
     * @return the facts, which grow with the answer
     */
    public AnswerFacts facts() {
        return facts;
    }
}
