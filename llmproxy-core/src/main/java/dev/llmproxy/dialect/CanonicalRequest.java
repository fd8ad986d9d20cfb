package dev.llmproxy.dialect;

import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a request comes down to when it is compared with others, and what it says about repeating it. Nothing
 * of the prompt is in it. Immutable.
 */
public final class CanonicalRequest {
    private final @Nullable ByteString digest;
    private final String reason;

    private CanonicalRequest(@Nullable ByteString digest, String reason) {
        this.digest = digest;
        this.reason = reason;
    }

    static CanonicalRequest of(RequestWords words, boolean embeds, ByteString body) {
        RequestValues values = new RequestValues();
        CanonicalJson json = new CanonicalJson(body.toByteArray(), words, values, CanonicalJson.LONGEST);
        String refusal = json.write();
        if (refusal != null) {
            return new CanonicalRequest(null, refusal);
        }
        String never = values.never();
        return never != null
                ? new CanonicalRequest(null, never)
                : new CanonicalRequest(json.digest(), values.onlyIfAsked(embeds));
    }

    /**
     * Returns what stands for the body: the SHA-256 of its canonical form, without the members that change no answer.
     * Bodies that say the same have the same, whatever the order of their members, their blanks, their escapes and the
     * notation of their numbers; others have others.
     *
     * @return 32 bytes; nothing if an answer to the request must not be given to another
     */
    public Optional<ByteString> digest() {
        return Optional.ofNullable(digest);
    }

    /**
     * Says whether the same answer can be expected when the request is repeated: its temperature is exactly 0, it sets a
     * seed or it asks for embeddings; and it asks for one choice, or sets a seed, for nothing but text, and names no
     * content by a URL.
     *
     * @return whether it can
     */
    public boolean isDeterministic() {
        return digest != null && reason.isEmpty();
    }

    /**
     * Returns why there is no digest or, if there is one, why the request is not deterministic.
     *
     * @return the reason in a few words, with nothing of the body; empty if there is none
     */
    public String reason() {
        return reason;
    }

    /** Returns whether there is a digest, and the reason. */
    @Override
    public String toString() {
        return (digest == null ? "not repeatable" : "repeatable") + (reason.isEmpty() ? "" : ": " + reason);
    }
}
