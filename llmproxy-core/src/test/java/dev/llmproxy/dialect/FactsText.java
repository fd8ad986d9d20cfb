package dev.llmproxy.dialect;

/** What an answer says of itself, in one line. */
final class FactsText {
    private FactsText() {}

    static String of(AnswerFacts facts) {
        return String.join(
                " ",
                facts.id().toString(),
                facts.model().toString(),
                facts.finishReason().toString(),
                facts.finish().toString(),
                facts.error().toString(),
                "events " + facts.events(),
                "comments " + facts.comments(),
                "text " + facts.textCharacters(),
                "calls " + facts.toolCalls(),
                "tokens " + facts.inputTokens(),
                facts.outputTokens() + " " + facts.totalTokens(),
                facts.cachedTokens() + " " + facts.reasoningTokens(),
                "seen " + facts.isTerminated() + facts.isPayloadSeen(),
                String.valueOf(facts.isReasoningSeen()),
                String.valueOf(facts.isRefusalSeen()));
    }
}
