package dev.llmproxy.logging;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.CallInfo;
import java.util.Locale;

/** Names as they stand in a line. */
final class Words {
    private Words() {}

    static String model(CallInfo call) {
        return call.model().map(Redaction::ofName).orElse("");
    }

    /** Returns how a constant of an enum stands in the log. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
