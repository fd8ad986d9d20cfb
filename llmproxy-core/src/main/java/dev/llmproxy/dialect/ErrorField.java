package dev.llmproxy.dialect;

import dev.llmproxy.fault.OneLine;
import java.util.Locale;

/** What providers tell of an error, and how much of it may be shown. */
enum ErrorField {
    TYPE,
    CODE,
    DETAIL_CODE,
    STATUS,
    REASON,
    PARAM,
    MESSAGE,
    PROVIDER,
    RAW,
    QUOTA_ID,
    RETRY_DELAY,
    REQUEST_ID;

    private static final int LONGEST_TEXT = 300;
    private static final int LONGEST_NAME = 128;

    /** Makes a text from outside fit to be shown. */
    String clean(String text) {
        return switch (this) {
            case MESSAGE, RAW -> OneLine.of(Redaction.of(text), LONGEST_TEXT);
            case REQUEST_ID -> OneLine.of(Redaction.ofId(text), LONGEST_NAME);
            default -> OneLine.of(Redaction.of(text), LONGEST_NAME);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
