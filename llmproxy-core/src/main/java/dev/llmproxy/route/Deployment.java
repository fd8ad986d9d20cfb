package dev.llmproxy.route;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.call.LlmUrl;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place that can serve calls: a base URL, a name, its keys, and what it calls the models. Without keys of its own it is
 * signed by the credentials of its origin, if there are any. Immutable: each method returns a changed copy; prints no key.
 */
public final class Deployment {
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_WEIGHT = 1_000;
    private static final int MAX_PRIORITY = 100;

    private final LlmUrl base;
    private final @Nullable AzureAddress azure;
    private final String name;
    private final @Nullable Credentials credentials;
    private final Map<String, ModelName> models;
    private final int weight;
    private final int priority;

    private Deployment(
            LlmUrl base,
            @Nullable AzureAddress azure,
            String name,
            @Nullable Credentials credentials,
            Map<String, ModelName> models,
            int weight,
            int priority) {
        this.base = base;
        this.azure = azure;
        this.name = name;
        this.credentials = credentials;
        this.models = models;
        this.weight = weight;
        this.priority = priority;
    }

    /**
     * Returns a deployment, named like its host. Path and query behind the route's base are kept.
     *
     * @param base its base URL, such as {@code https://api.openai.com/v1}; of Azure's v1 API
     *     {@code https://my-resource.openai.azure.com/openai/v1}
     * @return the deployment
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL without a query
     */
    public static Deployment at(String base) {
        LlmUrl url = BaseUrl.of("Deployment.at", base);
        return new Deployment(url, null, url.host(), null, Map.of(), 1, 0);
    }

    /**
     * Returns the deployments of a resource of Azure OpenAI, for an application that speaks OpenAI's chat, completions,
     * embeddings or responses, or Azure's own form of them: a call goes to
     * {@code /openai/deployments/MODEL/chat/completions?api-version=...}, where MODEL is the model that is asked for, by
     * the name that {@link #model} gives it. Keys are sent as {@code api-key}. Only the URL is rewritten; whatever else is
     * called is not sent there.
     *
     * @param resource the endpoint of the resource, such as {@code https://my-resource.openai.azure.com}
     * @param apiVersion the version of the API, such as {@code 2024-10-21}
     * @return the deployment, named like its host
     * @throws IllegalArgumentException if the URL is not an absolute http or https URL without a query, or ends with
     *     {@code /openai} or more, or the version has another form
     */
    public static Deployment azure(String resource, String apiVersion) {
        LlmUrl url = BaseUrl.of("Deployment.azure", resource);
        return new Deployment(url, AzureAddress.of(url, apiVersion), url.host(), null, Map.of(), 1, 0);
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
        return new Deployment(base, azure, name, credentials, models, weight, priority);
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
        Credentials first =
                azure == null ? Credentials.of(base.toString(), key) : Credentials.azure(base.toString(), key);
        return new Deployment(base, azure, name, first.or(more), models, weight, priority);
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
        return new Deployment(base, azure, name, credentials, models, weight, priority);
    }

    /**
     * Has calls for one model ask for another one here. Its name is replaced where the request has it, in the body or in
     * the path; nothing else is changed. Answers of a model that stands in for another are not cached; where both are the
     * same model, say {@link #alias}. Models that are not named are asked for as they are.
     *
     * @param from the model that the application asks for, its whole name
     * @param to what is asked for here
     * @return the changed deployment
     * @throws IllegalArgumentException if a name is empty, longer than 256 characters or has blanks or control characters,
     *     or there already is one for that model
     */
    public Deployment model(String from, String to) {
        return withModel("model", from, to, false);
    }

    /**
     * Says what one and the same model is called here: as {@link #model}, with answers that stand for those of the model
     * that was asked for, so that they may be cached.
     *
     * @param from the model that the application asks for, its whole name
     * @param to what it is called here
     * @return the changed deployment
     * @throws IllegalArgumentException as {@link #model}
     */
    public Deployment alias(String from, String to) {
        return withModel("alias", from, to, true);
    }

    private Deployment withModel(String setting, String from, String to, boolean same) {
        String asked = ModelName.of(setting, from, same).text();
        Map<String, ModelName> more = new LinkedHashMap<>(models);
        if (more.putIfAbsent(asked, ModelName.of(setting, to, same)) != null) {
            throw new IllegalArgumentException(
                    setting + ": a second one for " + from + " (expected: one for each model)");
        }
        return new Deployment(base, azure, name, credentials, Collections.unmodifiableMap(more), weight, priority);
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
        return new Deployment(base, azure, name, credentials, models, weight, priority);
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
        return new Deployment(base, azure, name, credentials, models, weight, priority);
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
     * @return 0 for the first
     */
    public int priority() {
        return priority;
    }

    boolean hasModels() {
        return !models.isEmpty();
    }

    /** Returns what a model is called here, or null where it keeps its name. */
    @Nullable
    ModelName modelFor(String asked) {
        return models.get(asked);
    }

    @Nullable
    AzureAddress azure() {
        return azure;
    }

    /** Returns name and base URL, the version of Azure's API, the models that have other names here, weight and rank. */
    @Override
    public String toString() {
        return name + " at " + base
                + (azure == null ? "" : " " + azure)
                + (models.isEmpty() ? "" : " " + models)
                + (weight == 1 ? "" : " weight " + weight)
                + (priority == 0 ? "" : " priority " + priority);
    }
}
