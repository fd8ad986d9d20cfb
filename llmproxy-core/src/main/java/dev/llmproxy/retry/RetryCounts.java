package dev.llmproxy.retry;

/**
 * What retries have done since the proxy was built.
 *
 * @param calls the calls whose first attempt failed for a cause that can be repeated
 * @param repeats how often a call was sent again
 * @param possibleDuplicates how often of these what was repeated may have been billed already
 * @param nested the calls that another layer was repeating, too
 */
public record RetryCounts(long calls, long repeats, long possibleDuplicates, long nested) {}
