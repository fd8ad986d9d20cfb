package dev.llmproxy.dialect;

import dev.llmproxy.call.FactsReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.call.RequestFacts.Embedding;
import java.io.IOException;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A wire format: how requests and answers of a family of providers look. Immutable, with one instance for each, so they
 * can be compared with {@code ==}; new ones may come in minor releases.
 */
public abstract class Dialect {
    private final Optional<Dialect> itself = Optional.of(this);
    private final FactsReader factsReader = this::readFacts;

    Dialect() {}

    /**
     * Recognises the dialect of a request by its method, path and host. The body is not looked at.
     *
     * @param request the request
     * @return its dialect, or nothing for what is no call of a model: uploads, lists of models, other hosts
     */
    public static Optional<Dialect> ofRequest(LlmRequest request) {
        return request.method().equals("POST") ? Dialects.servedAt(request.url()) : Optional.empty();
    }

    /**
     * Recognises the dialect of an answer by its own marks alone: relays serve any dialect from any host, and some label
     * one as another.
     *
     * @param headers the answer's headers
     * @param beginning the decoded body, or what has arrived of it; at most the first 64 KiB are looked at
     * @return the dialect, or nothing where the marks are missing or not yet there
     */
    public static Optional<Dialect> ofAnswer(LlmHeaders headers, ByteString beginning) {
        return Dialects.spokenIn(headers, beginning);
    }

    /**
     * Returns the name of this dialect, as it stands in events and reports.
     *
     * @return a name such as {@code openai-chat}
     */
    public abstract String id();

    /**
     * Returns the dialect whose bodies and streams this one uses. Azure is a way of addressing and a few deviations: the
     * format of {@code azure-openai} is one of OpenAI's four.
     *
     * @return this dialect, or the one that it borrows its format from
     */
    public Dialect wireFormat() {
        return this;
    }

    /**
     * Reads what a request says about the call. Never throws: what cannot be read is left out, and what stands before
     * the unreadable place is kept. Reads the body into memory.
     *
     * @param url where the request goes; some dialects name the model there
     * @param body its body
     * @return its facts
     */
    public final RequestFacts readFacts(LlmUrl url, LlmBody body) {
        return readFacts(url, bytesOf(body), new RequestScan());
    }

    private static ByteString bytesOf(LlmBody body) {
        try {
            return body.bytes();
        } catch (IOException | RuntimeException e) {
            // Whether the body may be sent at all is not decided here.
            return ByteString.EMPTY;
        }
    }

    /**
     * Reads what a request says about the call, as {@link #readFacts(LlmUrl, LlmBody)} does, with a scan that is kept: it
     * knows then what is wrong with the body.
     *
     * @param url where the request goes
     * @param body its body
     * @param scan reads it, and forgets what it has read before
     * @return its facts
     */
    public final RequestFacts readFacts(LlmUrl url, ByteString body, RequestScan scan) {
        BodyFacts facts = scan.read(body, embedsAt(url));
        String addressed = modelIn(url);
        return facts.toRequestFacts(addressed != null ? addressed : facts.model(), isStreamed(url, facts.stream()));
    }

    /**
     * Returns what reads the facts of a request: {@link #readFacts(LlmUrl, LlmBody)}, always as the same object.
     *
     * @return the reader
     */
    public final FactsReader factsReader() {
        return factsReader;
    }

    /**
     * Reads what the body of a request comes down to when it is compared with others. Never throws for what it says.
     * Costs a few passes over it, so it is worth remembering for bodies that repeat.
     *
     * @param url where the request goes; some dialects embed at one place and answer at another
     * @param body its body
     * @return its canonical form, or why it has none
     */
    public final CanonicalRequest canonical(LlmUrl url, ByteString body) {
        return CanonicalRequest.of(requestWords(), embedsAt(url), body);
    }

    /** Returns the id. */
    @Override
    public final String toString() {
        return id();
    }

    final Optional<Dialect> itself() {
        return itself;
    }

    /** Says whether calls of this dialect are sent there. */
    abstract boolean isServedAt(LlmUrl url);

    /** Says whether an answer with these marks is of this dialect. */
    abstract boolean isSpokenIn(AnswerMarks marks);

    /**
     * Returns the model that the URL names: that is the one which answers, whatever the body says.
     *
     * @param url where a request goes
     * @return the model, or nothing where the body alone names it
     */
    public final Optional<String> modelAt(LlmUrl url) {
        return Optional.ofNullable(modelIn(url));
    }

    /**
     * Returns a URL that names another model. Every other byte of it stays as it is.
     *
     * @param url where a request goes
     * @param model the other model
     * @return the changed URL, or this one where the body alone names the model
     */
    public final LlmUrl withModel(LlmUrl url, String model) {
        UrlText place = placeOfModel(url);
        return place == null ? url : url.withPath(place.replaced(url.path(), model));
    }

    /**
     * Says whether a body that is sent there names the model which the URL names again, as {@code models/} and its name.
     *
     * @param url where a request goes
     * @return whether it does, in {@code model} or in {@code requests[].model}
     */
    public boolean repeatsModel(LlmUrl url) {
        return false;
    }

    private @Nullable String modelIn(LlmUrl url) {
        UrlText place = placeOfModel(url);
        return place == null ? null : place.in(url.path());
    }

    /** Returns where in its path the URL names the model, or null. */
    @Nullable
    UrlText placeOfModel(LlmUrl url) {
        return null;
    }

    /**
     * Returns what the answers to a request are made of.
     *
     * @param url where the request goes
     * @return the format of its answers
     */
    public final AnswerFormat answersAt(LlmUrl url) {
        return new AnswerFormat(this, url, Embedding.none());
    }

    /**
     * Returns what the answers to a request are made of, and what it asks for of that which they can be held to.
     *
     * @param request the request
     * @return the format of its answers
     */
    public final AnswerFormat answersTo(LlmRequest request) {
        return new AnswerFormat(this, request.url(), request.facts().embedding());
    }

    /** Returns what reads an answer: a streamed one event by event, a plain one as a single event. */
    abstract AnswerGrammar grammar(LlmUrl url, boolean streamed, AnswerFacts facts, Findings findings);

    /** Takes what the headers of an answer say of its tokens, which what its body says overrules. */
    void readCounts(LlmHeaders headers, Usage usage) {}

    /** Returns what requests call that which matters for repeating them. */
    RequestWords requestWords() {
        return RequestWords.OPENAI;
    }

    /** Says whether vectors are answered there. */
    boolean embedsAt(LlmUrl url) {
        return false;
    }

    /** Says whether a stream from there may be a JSON array whose elements come one by one. */
    boolean streamsArrays(LlmUrl url) {
        return false;
    }

    /** Says whether a stream from there has one JSON text in each line. */
    boolean streamsLines(LlmUrl url) {
        return false;
    }

    /** Says whether a stream from there is binary. */
    boolean streamsBinary(LlmUrl url) {
        return false;
    }

    /** Says whether the answer is to be a stream, given what the body's {@code stream} says. */
    boolean isStreamed(LlmUrl url, @Nullable Boolean stream) {
        return stream != null && stream;
    }
}
