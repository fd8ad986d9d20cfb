package dev.llmproxy.event;

/** A number of calls that is watched for changes. */
public enum AnomalyMetric {
    /** Seconds from the sent request to the first payload of a stream, or to the headers of a plain answer. */
    FIRST_TOKEN(false),
    /** Seconds for each token of a stream behind the first one. */
    PER_TOKEN(false),
    /** Tokens of an answer. */
    OUTPUT_TOKENS(false),
    /** The share of attempts that failed. */
    ERRORS(true),
    /** The share of answers that were cut by their token limit. */
    TRUNCATED(true),
    /** The share of answers that were complete and empty. */
    EMPTY(true),
    /** The share of attempts after which the call went on at another deployment. */
    FALLBACKS(true),
    /** The share of look-ups in the response cache for which it had nothing. */
    CACHE_MISSES(true);

    private final boolean share;

    AnomalyMetric(boolean share) {
        this.share = share;
    }

    /**
     * Says whether it is a share of the calls, of which only more than usual is told.
     *
     * @return whether its values are from 0 to 1
     */
    public boolean isShare() {
        return share;
    }
}
