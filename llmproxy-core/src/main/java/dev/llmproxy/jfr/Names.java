package dev.llmproxy.jfr;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.CallInfo;
import java.util.Locale;

/** Names as they stand in an event. */
final class Names {
    private Names() {}

    static String model(CallInfo call) {
        return call.model().map(Redaction::ofName).orElse("");
    }

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
