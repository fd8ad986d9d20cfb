package dev.llmproxy.auth;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.Origin;
import java.util.Objects;

/**
 * A key and the one origin that it may be sent to. In a call to that origin it takes the place of a credential that the
 * client set itself; a call to any other origin passes as it is.
 *
 * <p>A key is never sent over plain HTTP, except to a loopback address. Immutable; prints no key.
 */
public final class Credentials {
    private final LlmUrl base;
    private final Origin origin;
    private final KeyPlace place;
    private final ApiKey key;

    private Credentials(String base, KeyPlace place, ApiKey key) {
        this.base = LlmUrl.of(base);
        this.origin = this.base.origin();
        this.place = place;
        this.key = Objects.requireNonNull(key, "key");
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
        return new Credentials(base, KeyPlace.header("Authorization", "Bearer "), key);
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
        return new Credentials(base, KeyPlace.header(name, ""), key);
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
        return new Credentials(base, KeyPlace.queryParameter(name), key);
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

    ApiKey key() {
        return key;
    }

    /** Returns origin, place and source of the key. */
    @Override
    public String toString() {
        return "Credentials[" + origin + ", " + place + ", " + key + "]";
    }
}
