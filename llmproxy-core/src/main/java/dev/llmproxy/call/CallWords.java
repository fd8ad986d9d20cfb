package dev.llmproxy.call;

import java.util.Locale;

/** The words that the headers of {@link CallOptions} take. */
final class CallWords {
    private CallWords() {}

    static CacheMode cacheMode(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "bypass" -> CacheMode.BYPASS;
            case "refresh" -> CacheMode.REFRESH;
            case "only-if-cached" -> CacheMode.ONLY_IF_CACHED;
            case "store" -> CacheMode.STORE;
            default -> throw unknown("Cache", word, "bypass, refresh, only-if-cached or store");
        };
    }

    static Priority priority(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "interactive" -> Priority.INTERACTIVE;
            case "normal" -> Priority.NORMAL;
            case "batch" -> Priority.BATCH;
            default -> throw unknown("Priority", word, "interactive, normal or batch");
        };
    }

    static RetryMode retryMode(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "off" -> RetryMode.OFF;
            case "safe" -> RetryMode.SAFE;
            case "aggressive" -> RetryMode.AGGRESSIVE;
            default -> throw unknown("Retry", word, "off, safe or aggressive");
        };
    }

    private static IllegalArgumentException unknown(String header, String word, String expected) {
        String shown = word.length() > 32 ? word.substring(0, 32) + "..." : word;
        return new IllegalArgumentException(
                CallOptions.HEADER_PREFIX + header + ": " + shown + " (expected: " + expected + ")");
    }
}
