package dev.llmproxy.micrometer;

import static dev.llmproxy.micrometer.LlmMeter.Kind.COUNTER;
import static dev.llmproxy.micrometer.LlmMeter.Kind.GAUGE;
import static dev.llmproxy.micrometer.LlmMeter.Kind.SUMMARY;
import static dev.llmproxy.micrometer.LlmMeter.Kind.TIMER;

import java.util.List;

/**
 * Every meter: this is the one table of their names, tags and units. Those of {@code gen_ai} are OpenTelemetry's metrics for
 * clients of generative models (semantic conventions for GenAI, in development) and tell of <em>attempts</em>: what was
 * sent to a provider. {@code llmproxy.calls} tells of <em>calls</em>: what the application asked for.
 *
 * <p>New meters may come in minor releases.
 */
public enum LlmMeter {
    // spotless:off (a table: one meter, one row)
    /** How long an attempt took, to the end of its answer. */
    OPERATION_DURATION("gen_ai.client.operation.duration", TIMER, "s", false,
            "how long an attempt took, to the end of its answer",
            LlmTag.GEN_AI_OPERATION_NAME, LlmTag.GEN_AI_PROVIDER_NAME, LlmTag.GEN_AI_REQUEST_MODEL, LlmTag.GEN_AI_RESPONSE_MODEL,
            LlmTag.SERVER_ADDRESS, LlmTag.SERVER_PORT, LlmTag.ERROR_TYPE),
    /** The tokens of an attempt, as its answer tells them. */
    TOKEN_USAGE("gen_ai.client.token.usage", SUMMARY, "{token}", false,
            "the tokens of an attempt, as its answer tells them",
            LlmTag.GEN_AI_OPERATION_NAME, LlmTag.GEN_AI_PROVIDER_NAME, LlmTag.GEN_AI_REQUEST_MODEL, LlmTag.GEN_AI_RESPONSE_MODEL,
            LlmTag.SERVER_ADDRESS, LlmTag.SERVER_PORT, LlmTag.GEN_AI_TOKEN_TYPE),
    /** The time to the first payload of a stream. */
    TIME_TO_FIRST_CHUNK("gen_ai.client.operation.time_to_first_chunk", TIMER, "s", false,
            "the time to the first payload of a stream, from the start of the attempt",
            LlmTag.GEN_AI_OPERATION_NAME, LlmTag.GEN_AI_PROVIDER_NAME, LlmTag.GEN_AI_REQUEST_MODEL, LlmTag.GEN_AI_RESPONSE_MODEL,
            LlmTag.SERVER_ADDRESS, LlmTag.SERVER_PORT),
    /** The time for each event of a stream behind the first. */
    TIME_PER_OUTPUT_CHUNK("gen_ai.client.operation.time_per_output_chunk", TIMER, "s", false,
            "the time for each event of a stream behind the first: one value for each stream, the mean of its events; left out"
                    + " where the application paused for more than a quarter of the time",
            LlmTag.GEN_AI_OPERATION_NAME, LlmTag.GEN_AI_PROVIDER_NAME, LlmTag.GEN_AI_REQUEST_MODEL, LlmTag.GEN_AI_RESPONSE_MODEL,
            LlmTag.SERVER_ADDRESS, LlmTag.SERVER_PORT),

    /** How long a call took, with all its attempts and waits. */
    CALLS("llmproxy.calls", TIMER, "s", false,
            "how long a call took, with all its attempts and waits, to the end of its answer",
            LlmTag.HOST, LlmTag.OPERATION, LlmTag.MODEL, LlmTag.STREAM, LlmTag.OUTCOME),
    /** Calls that have begun and not ended. */
    CALLS_ACTIVE("llmproxy.calls.active", GAUGE, "", true,
            "calls that have begun and not ended"),
    /** Calls that failed, by what failed them. */
    CALLS_FAILED("llmproxy.calls.failed", COUNTER, "", true,
            "calls that failed, by the cause that the application was told",
            LlmTag.CAUSE, LlmTag.FAMILY, LlmTag.BLAME),
    /** What was sent. */
    ATTEMPTS("llmproxy.attempts", COUNTER, "", false,
            "what was sent, counted when it ended",
            LlmTag.DEPLOYMENT, LlmTag.MODEL, LlmTag.KIND, LlmTag.OUTCOME),
    /** Faults that were diagnosed, also those that a retry has made good. */
    FAULTS("llmproxy.faults", COUNTER, "", true,
            "faults that were diagnosed, also those that a retry has made good",
            LlmTag.CAUSE, LlmTag.FAMILY, LlmTag.BLAME),
    /** Tokens of requests that came from the provider's prompt cache. */
    TOKENS_CACHED("llmproxy.tokens.cached", COUNTER, "", false,
            "tokens of requests that came from the provider's prompt cache; most providers count them as input, too",
            LlmTag.DEPLOYMENT, LlmTag.MODEL),
    /** Tokens of answers that were spent on reasoning. */
    TOKENS_REASONING("llmproxy.tokens.reasoning", COUNTER, "", false,
            "tokens of answers that were spent on reasoning; most providers count them as output, too",
            LlmTag.DEPLOYMENT, LlmTag.MODEL),

    /** Calls that are sent again. */
    RETRIES("llmproxy.retries", COUNTER, "", true,
            "how often a call was sent again",
            LlmTag.CHANGE, LlmTag.MAY_BILL_TWICE),
    /** Calls that could have been sent again, and were not. */
    RETRIES_SUPPRESSED("llmproxy.retries.suppressed", COUNTER, "", true,
            "calls that could have been sent again by the cause of their failure, and were not",
            LlmTag.WHY),
    /** Repeats of other layers. */
    RETRIES_NESTED("llmproxy.retries.nested", SUMMARY, "", true,
            "how many requests were sent for one call where another layer repeats it, too",
            LlmTag.LAYER),
    /** Calls that went on elsewhere. */
    FAILOVERS("llmproxy.failovers", COUNTER, "", false,
            "how often a call went on at another deployment, by the one that it left",
            LlmTag.DEPLOYMENT),
    /** How often calls ceased to go to a deployment for a while. */
    DEPLOYMENTS_EJECTIONS("llmproxy.deployments.ejections", COUNTER, "", false,
            "how often calls ceased to go to a deployment for a while",
            LlmTag.DEPLOYMENT),
    /** Whether calls go to a deployment now. */
    DEPLOYMENTS_EJECTED("llmproxy.deployments.ejected", GAUGE, "", false,
            "`endpoint`: 1 while calls do not go to a deployment of a route, else 0; `model`: how many models are ejected there;"
                    + " from the first attempt on",
            LlmTag.DEPLOYMENT, LlmTag.SCOPE),
    /** Calls that run, as the limits count them. */
    LIMITS_RUNNING("llmproxy.limits.running", GAUGE, "", false,
            "permits in use: calls that are being sent or read; of proxies that `LlmMetrics.watch` was told, as the next two",
            LlmTag.DEPLOYMENT),
    /** Calls that may run. */
    LIMITS_MOST("llmproxy.limits.most", GAUGE, "", false,
            "how many calls may run at once now, 0 for any",
            LlmTag.DEPLOYMENT),
    /** Calls that wait for the limits. */
    LIMITS_WAITING("llmproxy.limits.waiting", GAUGE, "", false,
            "how many calls wait for the limits",
            LlmTag.DEPLOYMENT),
    /** How long calls waited for the limits. */
    LIMITS_WAITS("llmproxy.limits.waits", TIMER, "s", true,
            "how long calls waited for the limits that are set here",
            LlmTag.LIMIT, LlmTag.ADMITTED),
    /** Where answers came from. */
    CACHE_LOOKUPS("llmproxy.cache.lookups", COUNTER, "", true,
            "where the answers of calls came from, of a proxy with a response cache",
            LlmTag.ANSWERED_BY),
    /** Answers that could have been stored. */
    CACHE_OFFERS("llmproxy.cache.offers", COUNTER, "", true,
            "answers that were offered to the response cache",
            LlmTag.STORED),
    /** Streams that were sent a second time beside the first. */
    HEDGES("llmproxy.hedges", COUNTER, "", true,
            "streams whose first token was late and that were sent a second time beside the first",
            LlmTag.RESULT),

    /** What is wrong with answers and requests. */
    FINDINGS("llmproxy.integrity.findings", COUNTER, "", true,
            "verdicts on answers and requests that are not quite what they should be",
            LlmTag.RULE, LlmTag.SEVERITY),
    /** Numbers that are no longer what they were. */
    ANOMALIES("llmproxy.anomalies", COUNTER, "", true,
            "how often a number of the calls to a model was found to be no longer what it was",
            LlmTag.METRIC),
    /** States of the process and its traffic. */
    CONDITIONS("llmproxy.conditions", COUNTER, "", true,
            "how often a state was noticed that slows calls down or will make them fail, such as a queue in the HTTP client",
            LlmTag.CAUSE, LlmTag.FAMILY, LlmTag.BLAME),
    /** Times in which this process did not run. */
    LOCAL_STALLS("llmproxy.local.stalls", TIMER, "s", true,
            "by how much a timer was late because this process did not run; the call was given a moment more"),
    /** Events that were lost. */
    EVENTS_DROPPED("llmproxy.events.dropped", COUNTER, "", true,
            "events that were lost to these metrics, where they are given to `LlmListener.async`");
    // spotless:on

    private final String name;
    private final Kind kind;
    private final String unit;
    private final boolean zero;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<LlmTag> tags;

    LlmMeter(String name, Kind kind, String unit, boolean zero, String meaning, LlmTag... tags) {
        this.name = name;
        this.kind = kind;
        this.unit = unit;
        this.zero = zero;
        this.meaning = meaning;
        this.tags = List.of(tags);
    }

    /** What is measured how. */
    public enum Kind {
        /** Counts how often something happened. */
        COUNTER,
        /** Tells how much there is now. */
        GAUGE,
        /** Counts times, adds them up and sorts them into buckets. */
        TIMER,
        /** Counts values, adds them up and sorts them into buckets. */
        SUMMARY
    }

    /**
     * Returns the name.
     *
     * @return with dots, as Micrometer writes it
     */
    public String meterName() {
        return name;
    }

    /**
     * Returns what is measured how.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the unit.
     *
     * @return {@code s}, {@code {token}}, or empty for a plain number
     */
    public String unit() {
        return unit;
    }

    /**
     * Says whether all its tags have values of a closed list, so that it is there with zeros before anything has happened.
     *
     * @return whether it is
     */
    public boolean startsAtZero() {
        return zero;
    }

    /**
     * Returns what is measured.
     *
     * @return a few words, in Markdown
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns its tags.
     *
     * @return the tags in their order
     */
    public List<LlmTag> tags() {
        return tags;
    }
}
