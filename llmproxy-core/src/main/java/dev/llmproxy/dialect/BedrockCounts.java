package dev.llmproxy.dialect;

import dev.llmproxy.call.LlmHeaders;
import java.util.OptionalLong;

/** The tokens that Bedrock counts in headers: some of the models that it hands through say nothing of them. */
final class BedrockCounts {
    private static final String PREFIX = "x-amzn-bedrock-";
    private static final int MOST_DIGITS = 18;

    private BedrockCounts() {}

    static void read(LlmHeaders headers, Usage usage) {
        in(headers, "input-token-count").ifPresent(usage::input);
        in(headers, "output-token-count").ifPresent(usage::output);
        in(headers, "cache-read-input-token-count").ifPresent(usage::cached);
    }

    private static OptionalLong in(LlmHeaders headers, String name) {
        String value = headers.get(PREFIX + name).orElse("");
        boolean isNumber = !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(character -> character >= '0' && character <= '9');
        return isNumber ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }
}
