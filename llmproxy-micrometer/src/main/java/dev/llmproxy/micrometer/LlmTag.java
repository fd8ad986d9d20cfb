package dev.llmproxy.micrometer;

/**
 * Every tag of a meter. Its values are those of a closed list, names of the application's own settings, or names of models,
 * of which only so many are told apart ({@link LlmMetrics#on(io.micrometer.core.instrument.MeterRegistry)}).
 */
public enum LlmTag {
    /** What the model is asked for. */
    GEN_AI_OPERATION_NAME("gen_ai.operation.name", "`chat`, `generate_content`, `text_completion`, `embeddings`"),
    /** Who serves it. */
    GEN_AI_PROVIDER_NAME(
            "gen_ai.provider.name",
            "by the host where it is known, such as `openai`, `anthropic`, `azure.ai.openai`; else by the wire format"),
    /** The model that is asked for. */
    GEN_AI_REQUEST_MODEL("gen_ai.request.model", "the model that the application asks for"),
    /** The model that answers. */
    GEN_AI_RESPONSE_MODEL("gen_ai.response.model", "the model that the answer names, `none` where there is none"),
    /** Which tokens are counted. */
    GEN_AI_TOKEN_TYPE("gen_ai.token.type", "`input`, `output`"),
    /** The host. */
    SERVER_ADDRESS("server.address", "the host that the attempt was sent to"),
    /** The port. */
    SERVER_PORT("server.port", "the port that the attempt was sent to"),
    /** Why it failed. */
    ERROR_TYPE("error.type", "the code of the [fault](faults/README.md), `none` for a success"),

    /** Where it was sent. */
    DEPLOYMENT("deployment", "the name of the deployment, else the host"),
    /** Where the application sends its call. */
    HOST("host", "the host that the application calls"),
    /** The model that is asked for. */
    MODEL("model", "the model that the application asks for, `none` where none is named"),
    /** What the model is asked for. */
    OPERATION("operation", "as `gen_ai.operation.name`; `other` for what is no call of a model"),
    /** Whether the answer is to be a stream. */
    STREAM("stream", "`true`, `false`: whether a stream is asked for"),
    /** What came of it. */
    OUTCOME("outcome", "`ok`, `error`, `cancelled` by the application"),
    /** Which of the attempts of a call it is. */
    KIND("kind", "`first`, `repeat`: a retry, a failover or the second sending of a hedged stream"),
    /** The cause of a fault or of a condition. */
    CAUSE("cause", "the code of the [cause](faults/README.md)"),
    /** The family of the cause. */
    FAMILY("family", "its family, such as `timeout` or `data_corruption`"),
    /** Who can change it. */
    BLAME("blame", "who can change it: `caller`, `network`, `provider`, `unknown`"),
    /** What is different when a call is sent again. */
    CHANGE("change", "what is different then: `nothing`, `key`, `token`, `deployment`"),
    /** Whether a repeat may cost money twice. */
    MAY_BILL_TWICE("may.bill.twice", "`true`, `false`: whether what is repeated may have cost money already"),
    /** Why a call is not sent again. */
    WHY("why", "such as `attempts`, `budget`, `may_have_billed`, `deadline` ([retries](retries.md))"),
    /** What came of a hedged stream. */
    RESULT("result", "`hedge_first`, `hedge_later`, `both_failed`"),
    /** Who else repeats a call. */
    LAYER("layer", "`above`: an SDK or the application; `below`: the HTTP client"),
    /** What is wrong with an answer or a request. */
    RULE("rule", "the id of the [rule](integrity.md), such as `stream.no-terminator`"),
    /** How bad that is. */
    SEVERITY("severity", "`info`, `warning`, `error`: an error fails the attempt"),
    /** How much of a deployment is meant. */
    SCOPE("scope", "`endpoint`: all of it, `model`"),
    /** What a call waited for. */
    LIMIT("limit", "`concurrency`, `requests`, `tokens`"),
    /** Whether a call went on after its wait. */
    ADMITTED("admitted", "`true`, `false`: whether the call went on; else it failed or was ended"),
    /** Where an answer came from. */
    ANSWERED_BY(
            "answered.by",
            "`hit`, `stale`: the cache; `miss`, `coalesced`, `bypass`: the provider ([cache](cache.md))"),
    /** Whether an answer was stored. */
    STORED("stored", "`true`, `false`: whether nothing spoke against it"),
    /** Which number is no longer what it was. */
    METRIC("metric", "such as `first_token`, `errors`, `truncated` ([anomalies](anomalies.md))");

    /** The value of a tag of which nothing is known. */
    public static final String NONE = "none";

    /** The value that stands for all names above the number that is told apart. */
    public static final String OTHER = "other";

    private final String key;
    private final String meaning;

    LlmTag(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    /**
     * Returns the name of the tag.
     *
     * @return with dots, as Micrometer writes it; Prometheus has underscores
     */
    public String key() {
        return key;
    }

    /**
     * Returns what its values are.
     *
     * @return a few words, in Markdown
     */
    public String meaning() {
        return meaning;
    }
}
