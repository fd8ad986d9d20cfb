package dev.llmproxy.auth;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A key, or several that stand in for each other, or short-lived tokens; and the one origin that they may be sent to. In a call to that origin it takes the place of a credential that the
 * client set itself; a call to any other origin passes as it is.
 *
 * <p>A key is never sent over plain HTTP, except to a loopback address. Immutable; prints no key.
 */
public final class Credentials {
    private final LlmUrl base;
    private final Origin origin;
    private final KeyPlace place;
    private final List<ApiKey> keys;
    private final @Nullable TokenSource tokens;
    private final ByteString ownIdentity;

    private Credentials(LlmUrl base, KeyPlace place, List<ApiKey> keys, @Nullable TokenSource tokens) {
        this.base = base;
        this.origin = base.origin();
        this.place = place;
        this.keys = List.copyOf(keys);
        this.tokens = tokens;
        this.ownIdentity = tokens == null ? ByteString.EMPTY : ByteString.of(random());
    }

    private static byte[] random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static Credentials of(String base, KeyPlace place, ApiKey key) {
        return new Credentials(LlmUrl.of(base), place, List.of(Objects.requireNonNull(key, "key")), null);
    }

    /**
     * Returns credentials that are sent as {@code Authorization: Bearer}.
     *
     * @param base the base URL of the API; only its scheme, host and port bind the key
     * @param key the key
     * @return the credentials
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL
     */
    public static Credentials bearer(String base, ApiKey key) {
        return of(base, KeyPlace.header("Authorization", "Bearer "), key);
    }

    /**
     * Returns credentials that are sent in a header of their own.
     *
     * @param base the base URL of the API; only its scheme, host and port bind the key
     * @param name the header's name
     * @param key the key
     * @return the credentials
     * @throws IllegalArgumentException if the URL or the name cannot be used
     */
    public static Credentials header(String base, String name, ApiKey key) {
        var unused = LlmHeaders.of(name, "checks the name");
        return of(base, KeyPlace.header(name, ""), key);
    }

    /**
     * Returns credentials that are sent in the query. Prefer a header: URLs are written to logs by many.
     *
     * @param base the base URL of the API; only its scheme, host and port bind the key
     * @param name the parameter's name
     * @param key the key
     * @return the credentials
     * @throws IllegalArgumentException if the URL or the name cannot be used
     */
    public static Credentials queryParameter(String base, String name, ApiKey key) {
        return of(base, KeyPlace.queryParameter(name), key);
    }

    /**
     * Returns short-lived tokens, sent as {@code Authorization: Bearer}: those of Google's Vertex or Microsoft's Entra,
     * for instance. A new one is fetched before the old one runs out (five minutes, or a fifth of its life), when a
     * call notices; one is fetched in place of a token that was refused, once per call.
     *
     * @param base the base URL of the API; only its scheme, host and port bind the tokens
     * @param tokens gets them
     * @return the credentials
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL
     */
    public static Credentials token(String base, TokenSource tokens) {
        return new Credentials(
                LlmUrl.of(base),
                KeyPlace.header("Authorization", "Bearer "),
                List.of(),
                Objects.requireNonNull(tokens, "tokens"));
    }

    /**
     * Returns credentials that are sent where the provider at that host expects a key: {@code x-api-key} for Anthropic,
     * {@code api-key} for Azure, {@code x-goog-api-key} for Gemini, else {@code Authorization: Bearer}.
     *
     * @param base the base URL of the API; only its scheme, host and port bind the key
     * @param key the key
     * @return the credentials
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL
     */
    public static Credentials of(String base, ApiKey key) {
        return of(base, KeyPlace.at(LlmUrl.of(base).host()), key);
    }

    /**
     * Adds keys that stand in for the first one: while it is rejected (until it changes), limited (until its reset) or
     * used up, the next good one is sent. Where none is good, the one that is free first is sent all the same.
     *
     * @param more the other keys, in their order
     * @return credentials with all of them
     * @throws IllegalArgumentException if these are tokens
     */
    public Credentials or(ApiKey... more) {
        if (tokens != null) {
            throw new IllegalArgumentException(
                    "or: " + more.length + " keys beside tokens (expected: one or the other)");
        }
        List<ApiKey> all = new ArrayList<>(keys);
        all.addAll(List.of(more));
        return new Credentials(base, place, all, null);
    }

    /**
     * Returns credentials for OpenAI.
     *
     * @param key the key
     * @return {@link #bearer} for {@code https://api.openai.com/v1}
     */
    public static Credentials openAi(ApiKey key) {
        return bearer("https://api.openai.com/v1", key);
    }

    /**
     * Returns credentials for Anthropic.
     *
     * @param key the key
     * @return {@code x-api-key} for {@code https://api.anthropic.com}
     */
    public static Credentials anthropic(ApiKey key) {
        return header("https://api.anthropic.com", "x-api-key", key);
    }

    /**
     * Returns credentials for Gemini.
     *
     * @param key the key
     * @return {@code x-goog-api-key} for {@code https://generativelanguage.googleapis.com}
     */
    public static Credentials gemini(ApiKey key) {
        return header("https://generativelanguage.googleapis.com", "x-goog-api-key", key);
    }

    /**
     * Returns credentials for Azure OpenAI.
     *
     * @param resource the URL of the resource, such as {@code https://my-resource.openai.azure.com}
     * @param key the key
     * @return {@code api-key} for that resource
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL
     */
    public static Credentials azure(String resource, ApiKey key) {
        return header(resource, "api-key", key);
    }

    /**
     * Returns where the key may be sent.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Returns the URL that the credentials were made for.
     *
     * @return the base URL of the API
     */
    public LlmUrl base() {
        return base;
    }

    KeyPlace place() {
        return place;
    }

    /**
     * Says whose these are: the first key, whichever is in use. Tokens do not tell, so that these are known to be the same
     * in this process alone. Not to be printed.
     */
    Optional<ByteString> identity() {
        if (tokens != null) {
            return Optional.of(ownIdentity);
        }
        try {
            return keys.get(0).read().map(key -> ByteString.encodeUtf8(key.reveal()));
        } catch (RuntimeException e) {
            return Optional.empty(); // There is none now; the attempt will say so.
        }
    }

    /** Makes what is known of the keys while a proxy uses them. */
    KeyRing ring() {
        return tokens == null ? new KeyPool(this, keys) : new TokenKeeper(this, tokens);
    }

    /** Says where the keys come from. */
    String sourceText() {
        return tokens != null
                ? "the TokenSource " + tokens.getClass().getName()
                : keys.get(0) + (keys.size() == 1 ? "" : " and " + (keys.size() - 1) + " more");
    }

    /** Returns origin, place and source of the keys. */
    @Override
    public String toString() {
        return "Credentials[" + origin + ", " + place + ", " + sourceText() + "]";
    }
}
