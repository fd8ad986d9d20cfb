package dev.llmproxy.cache;

import dev.llmproxy.call.LlmHeaders;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers of an answer are kept with it. A list of those that are kept, not of those that are dropped: a header that
 * is not known to be the same for every call is one call's own (its id, its limits, its time, its cookies, the region and
 * the machine that answered), and the next call gets none of that. It also lets equal heads share one instance.
 */
final class ReplayedHeaders {
    private static final Set<String> KEPT = Set.of(
            "content-type",
            "content-language",
            "content-disposition",
            "openai-version",
            "openai-model",
            "anthropic-version",
            "x-amzn-bedrock-content-type");

    private ReplayedHeaders() {}

    static LlmHeaders of(LlmHeaders answer) {
        LlmHeaders kept = LlmHeaders.empty();
        for (int i = 0, size = answer.size(); i < size; i++) {
            if (KEPT.contains(answer.name(i).toLowerCase(Locale.ROOT))) {
                kept = kept.plus(LlmHeaders.received(new String[] {answer.name(i), answer.value(i)}));
            }
        }
        return kept;
    }
}
