package dev.llmproxy.event;

import dev.llmproxy.dialect.Redaction;

/**
 * What an answer says of itself, as far as it was read. Token counts are -1 where the answer did not tell them.
 *
 * @param id the provider's id of the answer, as it came, or empty; it may be anything
 * @param model the model that answered, or empty; three asterisks where the name repeats what the request says
 * @param requestId the provider's id of the request, from the headers, or empty; three asterisks like the model
 * @param finishReason why it ended, in the provider's word, or empty; three asterisks like the model
 * @param inputTokens the tokens of the request, cached ones included where the provider counts so
 * @param outputTokens the tokens of the answer, reasoning included where the provider counts so
 * @param totalTokens the sum as the provider tells it
 * @param cachedTokens the tokens of the request that came from the provider's prompt cache
 * @param reasoningTokens the tokens of the answer that were spent on reasoning
 */
public record AnswerInfo(
        String id,
        String model,
        String requestId,
        String finishReason,
        long inputTokens,
        long outputTokens,
        long totalTokens,
        long cachedTokens,
        long reasoningTokens) {
    private static final AnswerInfo UNKNOWN = new AnswerInfo("", "", "", "", -1, -1, -1, -1, -1);

    /**
     * Returns the description of an answer that was not looked at.
     *
     * @return nothing known
     */
    public static AnswerInfo unknown() {
        return UNKNOWN;
    }

    /** Returns the names and the numbers; of names that do not look like one, nothing. */
    @Override
    public String toString() {
        return "AnswerInfo[model=" + Redaction.ofName(model) + ", finishReason=" + Redaction.ofName(finishReason)
                + ", requestId=" + Redaction.ofId(requestId) + ", inputTokens=" + inputTokens + ", outputTokens="
                + outputTokens + ", totalTokens=" + totalTokens + ", cachedTokens=" + cachedTokens
                + ", reasoningTokens=" + reasoningTokens + "]";
    }
}
