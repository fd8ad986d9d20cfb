package dev.llmproxy.route;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place that can serve calls: a base URL, a name, and its keys. Without keys of its own it is signed by the credentials
 * of its origin, if there are any. Immutable: each method returns a changed copy; prints no key.
 */
public final class Deployment {
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_WEIGHT = 1_000;
    private static final int MAX_PRIORITY = 100;

    private final LlmUrl base;
    private final String name;
    private final @Nullable Credentials credentials;
    private final int weight;
    private final int priority;

    private Deployment(LlmUrl base, String name, @Nullable Credentials credentials, int weight, int priority) {
        this.base = base;
        this.name = name;
        this.credentials = credentials;
        this.weight = weight;
        this.priority = priority;
    }

    /**
     * Returns a deployment, named like its host.
     *
     * @param base its base URL, such as {@code https://api.openai.com/v1}
     * @return the deployment
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL without a query
     */
    public static Deployment at(String base) {
        LlmUrl url = BaseUrl.of("Deployment.at", base);
        return new Deployment(url, url.host(), null, 1, 0);
    }

    /**
     * Sets the name that stands in headers, events and metrics.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores
     * @return the changed deployment
     * @throws IllegalArgumentException if the name has another form
     */
    public Deployment named(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || !name.chars().allMatch(Deployment::isNameCharacter)) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: 1 to 64 letters, digits, dots, hyphens and underscores)");
        }
        return new Deployment(base, name, credentials, weight, priority);
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    /**
     * Sets the keys: the first one is used as long as it is good, the others stand in for it
     * ({@link Credentials#or}). They are sent where the provider at that host expects them ({@link Credentials#of}).
     *
     * @param key the key
     * @param more keys that stand in for it
     * @return the changed deployment
     */
    public Deployment apiKey(ApiKey key, ApiKey... more) {
        return new Deployment(base, name, Credentials.of(base.toString(), key).or(more), weight, priority);
    }

    /**
     * Sets how calls are signed, where {@link #apiKey} does not fit: tokens, a header of another name.
     *
     * @param credentials the credentials, of the same origin
     * @return the changed deployment
     * @throws IllegalArgumentException if they belong to another origin
     */
    public Deployment credentials(Credentials credentials) {
        Objects.requireNonNull(credentials, "credentials");
        if (!credentials.origin().contains(base)) {
            throw new IllegalArgumentException("credentials: of " + credentials.origin() + " (expected: of "
                    + base.origin() + ", where the deployment is)");
        }
        return new Deployment(base, name, credentials, weight, priority);
    }

    /**
     * Sets how much of the calls it gets where a route balances them.
     *
     * @param weight its share against that of the others, 1 to 1,000; 1 where it is not set
     * @return the changed deployment
     * @throws IllegalArgumentException if it is anything else
     */
    public Deployment weight(int weight) {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to " + MAX_WEIGHT + ")");
        }
        return new Deployment(base, name, credentials, weight, priority);
    }

    /**
     * Sets its rank: calls go to those with the lowest number as long as one of them can serve, to the next ones else.
     * {@link Route.From#failover} asks those of one rank in the order in which they are given.
     *
     * @param priority 0, which is the first and the default, to 100
     * @return the changed deployment
     * @throws IllegalArgumentException if it is anything else
     */
    public Deployment priority(int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority: " + priority + " (expected: 0 to " + MAX_PRIORITY + ")");
        }
        return new Deployment(base, name, credentials, weight, priority);
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns where it is.
     *
     * @return the base URL
     */
    public LlmUrl base() {
        return base;
    }

    /**
     * Returns how calls are signed.
     *
     * @return its own credentials, or nothing
     */
    public Optional<Credentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    /**
     * Returns how much of the calls it gets.
     *
     * @return its weight, at least 1
     */
    public int weight() {
        return weight;
    }

    /**
     * Returns its rank.
     *
     * @return its priority, 0 for the first
     */
    public int priority() {
        return priority;
    }

    /** Returns name and base URL. */
    @Override
    public String toString() {
        return name + " at " + base;
    }
}
