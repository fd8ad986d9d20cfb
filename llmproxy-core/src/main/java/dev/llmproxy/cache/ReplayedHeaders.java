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

    // They are not counted with what an answer takes; the usual ones have some thirty characters.
    private static final int MOST_CHARACTERS = 1_024;

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

    /** Says whether what is kept is more than any provider has to say. */
    static boolean areTooLong(LlmHeaders kept) {
        int characters = 0;
        for (int i = 0, size = kept.size(); i < size; i++) {
            characters += kept.name(i).length() + kept.value(i).length();
        }
        return characters > MOST_CHARACTERS;
    }

    /** Says whether an answer is a stream of events, by its media type. */
    static boolean areOfStream(LlmHeaders headers) {
        return areOf(headers, "text/event-stream")
                || areOf(headers, "application/x-ndjson")
                || areOf(headers, "application/vnd.amazon.eventstream");
    }

    /** Says whether an answer is of a media type, in any case; of streams the name may be followed by parameters. */
    static boolean areOf(LlmHeaders headers, String mediaType) {
        return headers.get("Content-Type").orElse("").regionMatches(true, 0, mediaType, 0, mediaType.length());
    }
}
