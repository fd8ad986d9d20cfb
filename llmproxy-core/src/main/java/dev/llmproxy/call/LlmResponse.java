package dev.llmproxy.call;

import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way back through the chain. Its body can be read once, and whoever does not hand it on closes it.
 *
 * <p>Printing it shows neither its body nor a header value.
 */
public final class LlmResponse implements Closeable {
    private final int code;
    private final LlmHeaders headers;
    private final BufferedSource body;
    private final @Nullable Object handle;

    private LlmResponse(Builder builder) {
        this.code = builder.code;
        this.headers = builder.headers;
        this.body = builder.body == null ? new Buffer() : builder.body;
        this.handle = builder.handle;
    }

    /**
     * Returns a builder of an answer.
     *
     * @param code the HTTP status
     * @return the builder, with no headers and an empty body
     */
    public static Builder builder(int code) {
        return new Builder(code);
    }

    /**
     * Returns the HTTP status.
     *
     * @return 100 to 599
     */
    public int code() {
        return code;
    }

    /**
     * Says whether the status is one of success.
     *
     * @return whether it is 200 to 299
     */
    public boolean isSuccessful() {
        return code >= 200 && code < 300;
    }

    /**
     * Returns the headers.
     *
     * @return the headers as the HTTP client shows them
     */
    public LlmHeaders headers() {
        return headers;
    }

    /**
     * Returns the body, decoded.
     *
     * @return the one source of the body's bytes
     */
    public BufferedSource body() {
        return body;
    }

    /**
     * Returns what the HTTP client's binding attached, so that its own response is handed on and not one made anew.
     *
     * @param type what the binding attaches
     * @param <T> its type
     * @return the attachment, or nothing for an answer that no client gave
     */
    public <T> Optional<T> handle(Class<T> type) {
        return type.isInstance(handle) ? Optional.of(type.cast(handle)) : Optional.empty();
    }

    /**
     * Returns a builder that starts from this answer, its body included.
     *
     * @return the builder
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Closes the body. */
    @Override
    public void close() throws IOException {
        body.close();
    }

    /** Returns the status and the header names. */
    @Override
    public String toString() {
        return code + " " + headers;
    }

    /** Builds an answer. Not thread-safe. */
    public static final class Builder {
        private int code;
        private LlmHeaders headers = LlmHeaders.empty();
        private @Nullable BufferedSource body;
        private @Nullable Object handle;

        private Builder(int code) {
            code(code);
        }

        private Builder(LlmResponse from) {
            this.code = from.code;
            this.headers = from.headers;
            this.body = from.body;
            this.handle = from.handle;
        }

        /**
         * Sets the HTTP status.
         *
         * @param code 100 to 599
         * @return this builder
         */
        public Builder code(int code) {
            if (code < 100 || code > 599) {
                throw new IllegalArgumentException("code: " + code + " (expected: 100 to 599)");
            }
            this.code = code;
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
         * @throws IllegalArgumentException if either must not stand in a header
         */
        public Builder header(String name, String value) {
            this.headers = headers.with(name, value);
            return this;
        }

        /**
         * Sets the body. The former one is not closed.
         *
         * @param body the source of its bytes
         * @return this builder
         */
        public Builder body(BufferedSource body) {
            this.body = Objects.requireNonNull(body, "body");
            return this;
        }

        /**
         * Attaches the HTTP client's own response.
         *
         * @param handle for the binding that attaches it
         * @return this builder
         */
        public Builder handle(Object handle) {
            this.handle = Objects.requireNonNull(handle, "handle");
            return this;
        }

        /**
         * Returns the answer.
         *
         * @return the answer
         */
        public LlmResponse build() {
            return new LlmResponse(this);
        }
    }
}
