package dev.llmproxy.call;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the chain: immutable, changed by {@link #toBuilder()}.
 *
 * <p>Printing it shows neither its body nor a header value nor the query.
 */
public final class LlmRequest {
    private final String method;
    private final LlmUrl url;
    private final LlmHeaders headers;
    // Once for all who ask, and for the requests that are made from this one.
    private final Optional<LlmBody> body;
    private final @Nullable Signature signature;
    private final @Nullable FactsReader reader;
    // Of the requests that are made from each other, those share it that are made after it was first asked for.
    private volatile @Nullable LazyFacts facts;

    private LlmRequest(Builder builder) {
        this.method = builder.method;
        this.url = builder.url;
        this.headers = builder.headers;
        this.body = builder.body;
        this.signature = builder.signature;
        this.reader = builder.reader;
        this.facts = builder.known;
    }

    private LlmRequest(LlmRequest from, FactsReader reader) {
        this.method = from.method;
        this.url = from.url;
        this.headers = from.headers;
        this.body = from.body;
        this.signature = from.signature;
        this.reader = reader;
    }

    /**
     * Returns a builder of a request.
     *
     * @param method the HTTP method, such as {@code POST}
     * @param url where it goes
     * @return the builder
     */
    public static Builder builder(String method, LlmUrl url) {
        return new Builder(method, url);
    }

    /**
     * Returns the HTTP method.
     *
     * @return the method in upper case, as it is sent
     */
    public String method() {
        return method;
    }

    /**
     * Returns where the request goes.
     *
     * @return the URL
     */
    public LlmUrl url() {
        return url;
    }

    /**
     * Returns the headers.
     *
     * @return the headers, without those that the HTTP client adds on its own
     */
    public LlmHeaders headers() {
        return headers;
    }

    /**
     * Returns the body.
     *
     * @return the body, or nothing
     */
    public Optional<LlmBody> body() {
        return body;
    }

    /**
     * Returns what the body says about the call. Reads the body into memory the first time; not thread-safe with a body
     * that is being written.
     *
     * @return the facts, {@link RequestFacts#none()} for a request of no known dialect
     */
    public RequestFacts facts() {
        if (reader == null || body.isEmpty()) {
            return RequestFacts.none();
        }
        LazyFacts known = facts;
        if (known == null) {
            known = new LazyFacts(reader, url, body.get(), null);
            facts = known;
        }
        return known.get();
    }

    /**
     * Tells this request its facts, so that they need not be read again: for who knows them from a request with the same
     * URL and the same bytes. Without effect where they are known, or are not read.
     *
     * @param known what {@link #facts()} would return
     */
    public void facts(RequestFacts known) {
        if (reader != null && body.isPresent() && facts == null) {
            facts = new LazyFacts(reader, url, body.get(), known);
        }
    }

    /**
     * Returns the model that is asked for; the same as that of {@link #facts()}.
     *
     * @return the model, or nothing
     */
    public Optional<String> model() {
        return facts().model();
    }

    /**
     * Returns this request with a way to read its facts.
     *
     * @param reader the reader of the request's dialect
     * @return the same request, read by it
     */
    public LlmRequest readBy(FactsReader reader) {
        return new LlmRequest(this, Objects.requireNonNull(reader, "reader"));
    }

    /**
     * Returns which origin the request was signed for.
     *
     * @return the signature, or nothing where no credential of the proxy was added
     */
    public Optional<Signature> signature() {
        return Optional.ofNullable(signature);
    }

    /**
     * Returns a builder that starts from this request.
     *
     * @return the builder
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns method, URL without query, header names and the body's length. */
    @Override
    public String toString() {
        return method
                + ' '
                + url
                + ' '
                + headers
                + body.map(known -> " " + known).orElse("");
    }

    /** Builds a request. Not thread-safe. */
    public static final class Builder {
        private String method;
        private LlmUrl url;
        private LlmHeaders headers = LlmHeaders.empty();
        private Optional<LlmBody> body = Optional.empty();
        private @Nullable Signature signature;
        private @Nullable FactsReader reader;
        private @Nullable LazyFacts known;

        private Builder(String method, LlmUrl url) {
            this.method = Objects.requireNonNull(method, "method");
            this.url = Objects.requireNonNull(url, "url");
        }

        private Builder(LlmRequest from) {
            this.method = from.method;
            this.url = from.url;
            this.headers = from.headers;
            this.body = from.body;
            this.signature = from.signature;
            this.reader = from.reader;
            this.known = from.facts;
        }

        /**
         * Sets the method.
         *
         * @param method the HTTP method
         * @return this builder
         */
        public Builder method(String method) {
            this.method = Objects.requireNonNull(method, "method");
            return this;
        }

        /**
         * Sets where the request goes. A request that is already signed for another origin will be refused, not sent.
         *
         * @param url the URL
         * @return this builder
         */
        public Builder url(LlmUrl url) {
            this.url = Objects.requireNonNull(url, "url");
            this.known = null;
            return this;
        }

        /**
         * Sets all headers.
         *
         * @param headers the headers
         * @return this builder
         */
        public Builder headers(LlmHeaders headers) {
            this.headers = Objects.requireNonNull(headers, "headers");
            return this;
        }

        /**
         * Sets one header, in place of all of that name.
         *
         * @param name its name
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if either must not be sent; the message does not show the value
         */
        public Builder header(String name, String value) {
            this.headers = headers.with(name, value);
            return this;
        }

        /**
         * Sets the body.
         *
         * @param body the body, or null for none
         * @return this builder
         */
        public Builder body(@Nullable LlmBody body) {
            this.body = Optional.ofNullable(body);
            this.known = null;
            return this;
        }

        /**
         * Notes that the request was signed.
         *
         * @param signature for which origin, with which key; or null
         * @return this builder
         */
        public Builder signature(@Nullable Signature signature) {
            this.signature = signature;
            return this;
        }

        /**
         * Returns the request.
         *
         * @return an immutable request
         */
        public LlmRequest build() {
            return new LlmRequest(this);
        }
    }
}
