package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bedrock's InvokeModel stream: events of the model's own format in base64. */
final class InvokeReading extends Reading {
    private @Nullable Reading inner;

    @Override
    void event(Event event) {
        if (!(event.object().get("bytes") instanceof String base64)) {
            return;
        }
        String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        Event within = Event.of("", text);
        if (inner == null) {
            inner = of(within.object());
        }
        inner.event(within);
        if (inner.isOver()) {
            over();
        }
    }

    private static Reading of(Map<?, ?> first) {
        return first.containsKey("type")
                ? new AnthropicReading()
                : first.containsKey("messageStart") ? new ConverseReading() : new Other();
    }

    @Override
    void end() {
        if (inner == null) {
            wrong(FaultCause.STREAM_UNTERMINATED);
            return;
        }
        inner.end();
        inner.causes().forEach(cause -> wrong(cause));
        content("inner", inner.content());
    }

    /** Formats of which little is known. */
    private static final class Other extends Reading {
        @Override
        void event(Event event) {
            String text = event.data();
            if (text.contains("amazon-bedrock-invocationMetrics")
                    || text.matches("(?s).*\"totalOutputTextTokenCount\":\\d.*")
                    || text.matches("(?s).*\"(stop_reason|completionReason|finish_reason)\":\"[^\"].*")) {
                over();
            }
            content("event", event.object());
        }

        @Override
        void end() {
            wrongIf(!isOver(), FaultCause.STREAM_UNTERMINATED);
        }
    }
}
